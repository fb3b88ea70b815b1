#include "kiloword/report/thumbnails.h"

#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

#include "kiloword/base/base64.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/image/probe.h"
#include "kiloword/image/thumbnail.h"

namespace kiloword {
namespace {

/// Several files of this size may be in memory at the same time.
constexpr uint64_t kMaxFileBytes = uint64_t{256} << 20;
/// A file of rows in any order must not have a large archive read for each of them.
constexpr int kMaxOpenings = 100;

/// The system's limit; what is longer, or has a NUL byte in it, names no file.
constexpr size_t kMaxPathBytes = 4096;

bool is_regular_file(const std::string& path) {
  if (path.size() > kMaxPathBytes || path.find('\0') != std::string::npos) return false;
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

}  // namespace

void ArchiveMembers::open(const std::string& archive) {
  ListingOptions options;
  options.inputs = {archive};
  options.filter.include = {"*"};  // what the run that made the rows has left out is not asked for
  options.filter.hidden = true;
  lister_ = std::make_unique<InputLister>(std::move(options));
  lister_->set_wanted([this](const BatchInput& member) {
    return member.path == wanted_ && member.stamp && member.stamp->bytes <= kMaxFileBytes;
  });
  archive_ = archive;
  ++openings_;
}

std::optional<std::string> ArchiveMembers::search() {
  const std::optional<BatchInput> member = lister_->next();
  return member ? member->bytes : std::nullopt;
}

std::optional<std::string> ArchiveMembers::read(const std::string& path) {
  size_t mark = path.find('!');
  while (mark <= kMaxPathBytes && !is_regular_file(path.substr(0, mark))) mark = path.find('!', mark + 1);
  if (mark > kMaxPathBytes) return std::nullopt;  // or not found
  const std::string archive = path.substr(0, mark);
  wanted_ = path;
  if (lister_ && archive_ == archive) {
    if (auto bytes = search()) return bytes;  // else it may stand before the last one
  }
  if (openings_ >= kMaxOpenings) return std::nullopt;
  open(archive);
  return search();
}

std::optional<ThumbnailSource> find_thumbnail_source(const std::string& path, ArchiveMembers& members) {
  if (is_regular_file(path)) return ThumbnailSource{path, std::nullopt};
  if (auto bytes = members.read(path)) return ThumbnailSource{path, std::move(bytes)};
  return std::nullopt;
}

std::string thumbnail_base64(const ThumbnailSource& source, int longer_px, const DecodeLimits& limits) {
  try {
    const std::string read = source.bytes ? std::string()
                                          : read_file(source.path, kMaxFileBytes, ErrorKind::kInput,
                                                      {kSignatureBytes, check_signature});
    return base64(jpeg_thumbnail(source.bytes ? *source.bytes : read, longer_px, limits));
  } catch (const Error&) {  // a report shows what there is
    return "";
  } catch (const std::bad_alloc&) {
    return "";
  }
}

}  // namespace kiloword
