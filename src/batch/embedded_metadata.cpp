#include "kiloword/batch/embedded_metadata.h"

#include <sys/stat.h>
#include <unistd.h>
#include <webp/mux.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>

#include "batch/file_stamp.h"
#include "batch/xmp_packet.h"
#include "kiloword/base/atomic_file.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/image/decode.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

[[noreturn]] void refuse(const std::string& what, const std::string& path,
                         const std::string& remedy = "write a sidecar with --sidecar-style xmp instead") {
  throw Error(ErrorKind::kOutput, what, path, remedy);
}

/// Throws for what must not be replaced.
void require_own_file(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) refuse("cannot be examined: " + errno_message(errno), path);
  if (S_ISLNK(status.st_mode)) refuse("is a symbolic link: no metadata is written through it", path);
  if (!S_ISREG(status.st_mode)) refuse("is not a regular file", path);
  if (status.st_nlink > 1) refuse("has several names (hard links): no metadata is written", path);
  const bool is_read_only = (status.st_mode & 0222U) == 0 || ::access(path.c_str(), W_OK) != 0;
  if (is_read_only) refuse("is read-only: no metadata is written", path);
}

enum class Format { kOther, kWebp, kOfExempi };

Format format_of(std::string_view bytes) {
  const auto begins = [bytes](std::string_view magic) { return bytes.substr(0, magic.size()) == magic; };
  if (begins("RIFF") && bytes.substr(0, 12).substr(8) == "WEBP") return Format::kWebp;
  const bool is_tiff = begins(std::string_view("II*\0", 4)) || begins(std::string_view("MM\0*", 4));
  const bool is_known = begins("\xFF\xD8\xFF") || begins("\x89PNG\r\n\x1A\n") || is_tiff;
  return is_known ? Format::kOfExempi : Format::kOther;
}

/// A folder for one file, removed with it.
class Scratch {
 public:
  Scratch() : folder_((fs::temp_directory_path() / "kiloword-xmp-XXXXXX").string()) {
    if (::mkdtemp(folder_.data()) == nullptr) refuse("cannot be made: " + errno_message(errno), folder_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string file() const { return folder_ + "/image"; }

 private:
  std::string folder_;
};

/// `bytes` with the XMP brought up to date; none where it is so already.
std::optional<std::string> updated(const std::string& bytes, const XmpTexts& texts, bool adds,
                                   const std::string& path) {
  const Scratch scratch;
  std::ofstream copy(scratch.file(), std::ios::binary);
  copy.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  copy.close();
  if (!copy) refuse("a copy cannot be written", scratch.file(), "free space, or set TMPDIR");
  if (!update_xmp_of_file(scratch.file(), texts, adds, path)) return std::nullopt;
  return read_file(scratch.file(), kMaxFileBytes, ErrorKind::kOutput);
}

struct FreeMux {
  void operator()(WebPMux* mux) const { WebPMuxDelete(mux); }
};

/// The same of a WebP file: libexempi writes ones that no longer decode.
std::optional<std::string> updated_webp(const std::string& bytes, const XmpTexts& texts, bool adds,
                                        const std::string& path) {
  const auto data_of = [](const std::string& text) {
    return WebPData{reinterpret_cast<const uint8_t*>(text.data()), text.size()};
  };
  const WebPData all = data_of(bytes);
  const std::unique_ptr<WebPMux, FreeMux> mux(WebPMuxCreate(&all, /*copy_data=*/0));
  if (!mux) refuse("its parts cannot be read", path);
  WebPData chunk{};
  std::string old;
  if (WebPMuxGetChunk(mux.get(), "XMP ", &chunk) == WEBP_MUX_OK)
    old.assign(reinterpret_cast<const char*>(chunk.bytes), chunk.size);
  const std::string packet = xmp_packet(old, texts, adds, path);
  if (!old.empty() && packet == xmp_packet(old, {}, /*adds=*/true, path)) return std::nullopt;
  const WebPData wanted = data_of(packet);
  WebPData assembled{};
  if (WebPMuxSetChunk(mux.get(), "XMP ", &wanted, /*copy_data=*/0) != WEBP_MUX_OK ||
      WebPMuxAssemble(mux.get(), &assembled) != WEBP_MUX_OK) {
    refuse("its parts cannot be written back together", path);
  }
  std::string after(reinterpret_cast<const char*>(assembled.bytes), assembled.size);
  WebPDataClear(&assembled);
  return after;
}

bool same_pixels(std::string_view before, std::string_view after, const DecodeLimits& limits) {
  try {
    const Image a = decode_image(before, limits);
    const Image b = decode_image(after, limits);
    return a.width == b.width && a.height == b.height && a.rgb == b.rgb;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

EmbedResult embed_metadata(const std::string& image, const RowValues& values, bool replaces,
                           const DecodeLimits& limits, std::optional<FileStamp>& stamp) {
  if (values.text.empty()) return EmbedResult::kNothing;
  require_own_file(image);
  const std::optional<FileStamp> old_stamp = stamp_of_file(image);
  const std::string before = read_file(image, kMaxFileBytes, ErrorKind::kOutput);
  const XmpTexts texts{values.text, values.tags};
  const Format format = format_of(before);
  if (format == Format::kOther) refuse("is in a format that kiloword cannot write metadata into", image);
  const std::optional<std::string> after = format == Format::kWebp
                                               ? updated_webp(before, texts, !replaces, image)
                                               : updated(before, texts, !replaces, image);
  if (!after) return EmbedResult::kUnchanged;
  if (!same_pixels(before, *after, limits)) refuse("would change its pixels: left unchanged", image);
  AtomicFile file(image, AtomicFile::Links::kIgnore);
  file.write(*after);
  file.sync();
  require_own_file(image);
  if (!(stamp_of_file(image) == old_stamp)) refuse("was changed in the meantime", image, "run it once more");
  file.commit();
  stamp = stamp_of_file(image);
  return EmbedResult::kWritten;
}

}  // namespace kiloword
