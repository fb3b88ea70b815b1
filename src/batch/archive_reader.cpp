#include "batch/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fnmatch.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <filesystem>

#include "batch/file_stamp.h"
#include "kiloword/image/probe.h"
#include "kiloword/image/video.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr size_t kReadBytes = 1 << 16;
constexpr uint64_t kMaxMemberBytes = uint64_t{1} << 30;
constexpr size_t kMaxKeptBytes = 64 << 20;  // of a member that several links may lead to
constexpr int kMaxLinks = 8;                // that lead to one another
constexpr std::array kArchivePatterns{"*.tar",    "*.tar.gz", "*.tgz",     "*.tar.bz2", "*.tbz2",
                                      "*.tar.xz", "*.txz",    "*.tar.zst", "*.zip",     "*.cbz"};

/// libarchive converts member names with the locale of the thread: without UTF-8 there it has none to give.
class Utf8Locale {
 public:
  Utf8Locale() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (utf8_ != nullptr) before_ = ::uselocale(utf8_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale() {
    if (utf8_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(utf8_);
  }

 private:
  locale_t utf8_;
  locale_t before_ = nullptr;
};

std::string member_name(archive_entry* entry) {
  const char* name = ::archive_entry_pathname(entry);
  if (name == nullptr) name = ::archive_entry_pathname_utf8(entry);
  return name == nullptr ? "" : name;
}

/// What the files of a sample share in the tars of webdataset: the name up to the first dot of its last part.
std::string key_of(const std::string& name) {
  return name.substr(0, std::min(name.find('.', name.rfind('/') + 1), name.size()));
}

/// The name of a member as links are compared with it.
std::string normal_name(const std::string& name) {
  return fs::path(name).lexically_normal().string();
}

/// The member that `entry`, of name `name`, is a link to; none for what is no link, or has content of its
/// own.
std::optional<std::string> link_target(archive_entry* entry, const std::string& name) {
  const char* hard = ::archive_entry_hardlink(entry);
  if (hard == nullptr) hard = ::archive_entry_hardlink_utf8(entry);
  if (hard != nullptr) {
    if (::archive_entry_size(entry) > 0) return std::nullopt;
    return normal_name(hard);
  }
  if (::archive_entry_filetype(entry) != AE_IFLNK) return std::nullopt;
  const char* symbolic = ::archive_entry_symlink(entry);
  if (symbolic == nullptr) symbolic = ::archive_entry_symlink_utf8(entry);
  if (symbolic == nullptr) return std::nullopt;
  return normal_name((fs::path(name).parent_path() / symbolic).string());
}

}  // namespace

struct ArchiveReader::Handle {
  archive* reader = ::archive_read_new();
  explicit Handle(const std::string& path) {
    if (reader == nullptr) throw std::bad_alloc();
    ::archive_read_support_format_tar(reader);
    ::archive_read_support_format_zip(reader);
    // Not "all" filters: some of them would start programs.
    ::archive_read_support_filter_gzip(reader);
    ::archive_read_support_filter_bzip2(reader);
    ::archive_read_support_filter_xz(reader);
    ::archive_read_support_filter_zstd(reader);
    // A null pointer is standard input. A failure shows in the first header.
    ::archive_read_open_filename(reader, path == "-" ? nullptr : path.c_str(), kReadBytes);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { ::archive_read_free(reader); }

  std::string error() const {
    const char* text = ::archive_error_string(reader);
    return text == nullptr ? "unknown damage" : text;
  }
};

bool ArchiveReader::is_archive_name(const std::string& path) {
  return std::any_of(kArchivePatterns.begin(), kArchivePatterns.end(), [&](const char* pattern) {
    return ::fnmatch(pattern, path.c_str(), FNM_CASEFOLD) == 0;
  });
}

ArchiveReader::ArchiveReader(std::string path, const NameFilter& filter, LeftOutFiles& left_out)
    : path_(std::move(path)),
      filter_(filter),
      left_out_(left_out),
      can_be_read_again_(stamp_of_file(path_)),
      handle_(std::make_unique<Handle>(path_)) {}

ArchiveReader::~ArchiveReader() = default;

BatchInput ArchiveReader::broken_off() {
  ended_ = true;
  BatchInput input;
  input.path = path_;
  input.error = Error(ErrorKind::kInput, "the rest of the archive cannot be read: " + handle_->error(), path_,
                      "create or download the archive again");
  return input;
}

std::optional<BatchInput> ArchiveReader::next() {
  const Utf8Locale utf8;
  while (!ended_) {
    archive_entry* entry = nullptr;
    const int result = ::archive_read_next_header(handle_->reader, &entry);
    if (result == ARCHIVE_EOF) break;
    if (result < ARCHIVE_WARN) return broken_off();
    const std::string name = member_name(entry);
    link_target_ = link_target(entry, name);
    if (!link_target_ && ::archive_entry_filetype(entry) != AE_IFREG) continue;
    if (!filter_.accepts_file(name)) {
      if (filter_.include.empty() && filter_.accepts_folder(name)) left_out_.add(name);
      continue;
    }
    BatchInput member;
    member.path = path_ + "!" + name;
    member.archive_member = true;
    if ((::archive_format(handle_->reader) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR)
      member.key = key_of(name);
    if (link_target_) {
      member.stamp = stamp_of_file(path_);  // the member that it leads to may come later
    } else {
      member.stamp = FileStamp{
          static_cast<uint64_t>(std::max<int64_t>(0, ::archive_entry_size(entry))),
          time_in_ns(::archive_entry_mtime(entry), static_cast<int64_t>(::archive_entry_mtime_nsec(entry)))};
    }
    return member;
  }
  ended_ = true;
  return std::nullopt;
}

namespace {

bool begins_like_an_image(std::string_view content) {
  try {
    if (!is_video(content)) check_signature(content);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Reads the content of the member that `reader` stands at into `member`, or the error that stands in the
/// way.
void read_member(archive* reader, BatchInput& member) {
  std::string content;
  std::array<char, kReadBytes> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  for (;;) {
    const la_ssize_t count = ::archive_read_data(reader, block.data(), block.size());
    if (count == 0) break;
    if (count < 0) {
      const char* text = ::archive_error_string(reader);
      member.error =
          Error(ErrorKind::kInput,
                std::string("cannot be read from its archive: ") + (text ? text : "unknown damage"),
                member.path, "create or download the archive again");
      return;
    }
    const bool is_start = content.size() < kSignatureBytes;
    content.append(block.data(), static_cast<size_t>(count));
    // Of what is no image the start is enough: whoever decodes it says so.
    if (is_start && content.size() >= kSignatureBytes && !begins_like_an_image(content)) break;
    if (content.size() > kMaxMemberBytes) {
      member.error =
          Error(ErrorKind::kInput, "larger than the limit of " + std::to_string(kMaxMemberBytes) + " bytes",
                member.path);
      return;
    }
  }
  member.bytes = std::move(content);
}

}  // namespace

void ArchiveReader::read_target(BatchInput& link, std::string target) {
  if (!can_be_read_again_) {
    link.error = Error(ErrorKind::kInput, "is a link to another member, which cannot be followed in a pipe",
                       link.path, "give the archive as a file, or make it with 'tar --hard-dereference -h'");
    return;
  }
  for (int links = 0; links < kMaxLinks; ++links) {
    const Handle again(path_);
    archive_entry* entry = nullptr;
    std::optional<std::string> next;
    while (!next && ::archive_read_next_header(again.reader, &entry) >= ARCHIVE_WARN) {
      const std::string name = member_name(entry);
      if (normal_name(name) != target) continue;
      next = link_target(entry, name);
      if (next || ::archive_entry_filetype(entry) != AE_IFREG) continue;
      return read_member(again.reader, link);
    }
    if (!next) break;
    target = std::move(*next);
  }
  link.error = Error(ErrorKind::kInput, "is a link to a file that the archive does not contain", link.path,
                     "create the archive again with that file in it");
}

void ArchiveReader::read_content(BatchInput& member) {
  const Utf8Locale utf8;
  if (!link_target_) return read_member(handle_->reader, member);
  if (last_content_ && last_target_ == *link_target_) {
    member.bytes = last_content_;
    return;
  }
  read_target(member, *link_target_);
  last_target_ = *link_target_;
  last_content_.reset();
  if (member.bytes && member.bytes->size() <= kMaxKeptBytes) last_content_ = member.bytes;
}

}  // namespace kiloword
