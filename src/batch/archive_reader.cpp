#include "batch/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fnmatch.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <clocale>

#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

constexpr size_t kReadBytes = 1 << 16;
constexpr uint64_t kMaxMemberBytes = uint64_t{1} << 30;
constexpr std::array kArchivePatterns{"*.tar",    "*.tar.gz", "*.tgz",     "*.tar.bz2", "*.tbz2",
                                      "*.tar.xz", "*.txz",    "*.tar.zst", "*.zip"};

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

}  // namespace

struct ArchiveReader::Handle {
  archive* reader = ::archive_read_new();
  Handle() = default;
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

ArchiveReader::ArchiveReader(std::string path, const NameFilter& filter)
    : path_(std::move(path)), filter_(filter), handle_(std::make_unique<Handle>()) {
  archive* reader = handle_->reader;
  if (reader == nullptr) throw std::bad_alloc();
  ::archive_read_support_format_tar(reader);
  ::archive_read_support_format_zip(reader);
  // Not "all" filters: some of them would start programs.
  ::archive_read_support_filter_gzip(reader);
  ::archive_read_support_filter_bzip2(reader);
  ::archive_read_support_filter_xz(reader);
  ::archive_read_support_filter_zstd(reader);
  ::archive_read_open_filename(reader, path_.c_str(), kReadBytes);  // a failure shows in the first next()
}

ArchiveReader::~ArchiveReader() = default;

BatchInput ArchiveReader::broken_off() {
  ended_ = true;
  BatchInput input;
  input.path = path_;
  input.error = Error(ErrorKind::kInput, "the archive cannot be read on: " + handle_->error(), path_,
                      "make or fetch the archive again");
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
    if (::archive_entry_filetype(entry) != AE_IFREG || !filter_.accepts_file(name)) continue;
    BatchInput member;
    member.path = path_ + "!" + name;
    member.archive_member = true;
    member.stamp =
        FileStamp{static_cast<uint64_t>(std::max<int64_t>(0, ::archive_entry_size(entry))),
                  int64_t{::archive_entry_mtime(entry)} * 1'000'000'000 + ::archive_entry_mtime_nsec(entry)};
    return member;
  }
  ended_ = true;
  return std::nullopt;
}

namespace {

bool begins_like_an_image(std::string_view content) {
  try {
    check_signature(content);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

void ArchiveReader::read_content(BatchInput& member) {
  const Utf8Locale utf8;
  std::string content;
  std::array<char, kReadBytes> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  for (;;) {
    const la_ssize_t count = ::archive_read_data(handle_->reader, block.data(), block.size());
    if (count == 0) break;
    if (count < 0) {
      member.error = Error(ErrorKind::kInput, "cannot be read from its archive: " + handle_->error(),
                           member.path, "make or fetch the archive again");
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

}  // namespace kiloword
