#include "kiloword/batch/sidecar.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "batch/xmp_packet.h"
#include "kiloword/base/atomic_file.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/hash.h"
#include "kiloword/base/text.h"

namespace kiloword {
namespace {

/// A sidecar that is larger was written by no program for images.
constexpr uint64_t kMaxSidecarBytes = 16 << 20;

/// Where the ending of the file name begins, with its dot; the end of `path` where it has none.
size_t ending_begin(const std::string& path) {
  const size_t name = path.find_last_of('/') + 1;
  const size_t dot = path.rfind('.');
  return dot == std::string::npos || dot <= name ? path.size() : dot;
}

/// Whether a regular file is there; a link counts as one that is not followed.
bool is_there(const std::string& path, bool& is_link) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return false;
  is_link = S_ISLNK(status.st_mode);
  if (!S_ISREG(status.st_mode) && !is_link) {
    throw Error(ErrorKind::kOutput, "cannot write: something other than a file has this name", path,
                "move it, or write records with -o");
  }
  return true;
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end = 0; (end = text.find(separator, begin)) != std::string::npos;
       begin = end + separator.size()) {
    parts.push_back(text.substr(begin, end - begin));
  }
  parts.push_back(text.substr(begin));
  return parts;
}

/// `old` with what it does not hold of the new text behind it.
std::string appended(std::string old, const RowValues& values, const std::string& text,
                     const SidecarOptions& options) {
  while (!old.empty() && (old.back() == '\n' || old.back() == '\r')) old.pop_back();
  if (old.empty()) return text;
  if (options.style != SidecarStyle::kTags) {
    return old.find(text) != std::string::npos ? old : old + options.separator + text;
  }
  const std::vector<std::string> known = split(old, options.separator);
  for (const std::string& tag : values.tags) {
    if (std::find(known.begin(), known.end(), tag) == known.end()) old += options.separator + tag;
  }
  return old;
}

std::string text_of(const std::string& row, const RowValues& values, const SidecarOptions& options) {
  switch (options.style) {
    case SidecarStyle::kCaption:
      return options.prefix + values.caption + options.suffix;
    case SidecarStyle::kPlain:
      return options.prefix + values.text + options.suffix;
    case SidecarStyle::kTags:
      return options.prefix + joined(values.tags, options.separator) + options.suffix;
    case SidecarStyle::kJson:
    case SidecarStyle::kXmp:
      break;
  }
  return row;
}

std::string content(const std::string& path, bool is_old, const std::string& row, const RowValues& values,
                    const SidecarOptions& options) {
  const std::string old = is_old ? read_file(path, kMaxSidecarBytes, ErrorKind::kOutput) : std::string();
  if (options.style == SidecarStyle::kXmp) {
    const XmpTexts texts{options.prefix + values.text + options.suffix, values.tags};
    return xmp_packet(old, texts, options.existing == ExistingSidecar::kAppend, path);
  }
  const std::string text = text_of(row, values, options);
  return (options.existing == ExistingSidecar::kAppend ? appended(old, values, text, options) : text) + "\n";
}

}  // namespace

SidecarStyle sidecar_style(const std::string& name) {
  if (name == "caption") return SidecarStyle::kCaption;
  if (name == "plain") return SidecarStyle::kPlain;
  if (name == "tags") return SidecarStyle::kTags;
  if (name == "json") return SidecarStyle::kJson;
  if (name != "xmp") throw Error(ErrorKind::kUsage, "unknown style '" + name + "'", "--sidecar-style");
  if (!can_write_xmp()) {
    throw Error(ErrorKind::kUsage, "this build of kiloword cannot write XMP", "--sidecar-style",
                "install libexempi-dev and build again");
  }
  return SidecarStyle::kXmp;
}

void require_embedding() {
  if (can_write_xmp()) return;
  throw Error(ErrorKind::kUsage, "this build of kiloword cannot write XMP", "--embed-metadata",
              "install libexempi-dev and build again");
}

std::string sidecar_path(const std::string& image, const SidecarOptions& options) {
  const char* ending = options.style == SidecarStyle::kJson  ? ".json"
                       : options.style == SidecarStyle::kXmp ? ".xmp"
                                                             : ".txt";
  return (options.by_stem ? image.substr(0, ending_begin(image)) : image) + ending;
}

SidecarResult write_sidecar(const std::string& path, const std::string& row, const RowValues& values,
                            const SidecarOptions& options) {
  const bool of_tags = options.style == SidecarStyle::kTags;
  if (of_tags ? values.tags.empty() : values.text.empty()) return SidecarResult::kNothing;
  bool is_link = false;
  const bool exists = is_there(path, is_link);
  const bool appends = options.existing == ExistingSidecar::kAppend;
  if (exists && (options.existing == ExistingSidecar::kKeep || (appends && is_link)))
    return SidecarResult::kKept;
  const bool reads_old = exists && !is_link && (appends || options.style == SidecarStyle::kXmp);
  AtomicFile file(path, AtomicFile::Links::kIgnore);
  file.write(content(path, reads_old, row, values, options));
  if (!exists) return file.commit_new() ? SidecarResult::kWritten : SidecarResult::kKept;
  file.commit();
  return SidecarResult::kWritten;
}

std::optional<BatchInput> OneSidecarEach::next() {
  std::optional<BatchInput> input = inputs_->next();
  if (!input || !options_.by_stem || input->error || input->archive_member) return input;
  const size_t begin = ending_begin(input->path);
  const std::string ending = input->path.substr(begin);
  auto known = std::find(endings_.begin(), endings_.end(), ending);
  if (known == endings_.end()) known = endings_.insert(known, ending);
  const auto number = static_cast<uint32_t>(known - endings_.begin());
  const auto [first, is_new] = ending_of_.emplace(hash64(input->path.substr(0, begin)), number);
  if (!is_new && first->second != number) {
    const std::string other = input->path.substr(0, begin) + endings_[first->second];
    input->error = Error(ErrorKind::kInput,
                         "shares the sidecar " + sidecar_path(input->path, options_) + " with " + other,
                         input->path, "use --sidecar-name full, or leave one out with --exclude");
  }
  return input;
}

}  // namespace kiloword
