#include <libheif/heif.h>

#include <climits>
#include <memory>
#include <mutex>
#include <string>

#include "image/byte_reader.h"
#include "image/nclx_profile.h"
#include "image/optional_codecs.h"
#include "image/rgba_rows.h"

namespace kiloword {
namespace {

constexpr size_t kMaxProfileBytes = size_t{8} << 20;

// What libheif takes for each pixel: the codec's planes, their copy on the canvas of a grid, and interleaved
// samples; of more than 8 bits each twice. Our picture comes on top.
constexpr uint64_t kBytesPerPixel = 10;
constexpr uint64_t kDeepBytesPerPixel = 23;

struct FreeContext {
  void operator()(heif_context* context) const { heif_context_free(context); }
};
struct ReleaseHandle {
  void operator()(heif_image_handle* handle) const { heif_image_handle_release(handle); }
};
struct ReleaseImage {
  void operator()(heif_image* image) const { heif_image_release(image); }
};
struct FreeOptions {
  void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
};
struct FreeNclx {
  void operator()(heif_color_profile_nclx* nclx) const { heif_nclx_color_profile_free(nclx); }
};

std::string_view format_of(std::string_view bytes) {
  return bytes.substr(0, 32).find("avi") != std::string_view::npos ? "AVIF" : "HEIC";
}

Error missing_decoder_error(std::string_view format) {
  const bool is_avif = format == "AVIF";
  return missing_library_error(
      std::string(format) + " images need libheif's decoder of " + (is_avif ? "AV1" : "HEVC"),
      is_avif ? "libheif-plugin-dav1d" : "libheif-plugin-libde265");
}

/// The last clause of libheif's message ("Invalid input: No 'meta' box: ...").
std::string clause_of(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.pop_back();
  const size_t colon = text.rfind(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

void check(const heif_error& error, std::string_view format) {
  if (error.code == heif_error_Ok) return;
  const std::string message = clause_of(error.message);
  if (error.subcode == heif_suberror_End_of_data) throw truncated_error(format);
  if (error.subcode == heif_suberror_Unsupported_codec) throw missing_decoder_error(format);
  if (error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype) {
    throw unsupported_error(std::string(format) + " of a kind that libheif cannot read: " + message);
  }
  if (error.code == heif_error_Memory_allocation_error) {
    throw unsupported_error(std::string(format) + " that takes too much memory: " + message);
  }
  throw corrupt_error(format, message);
}

/// An open file and its primary image.
class HeifFile {
 public:
  /// Coded pictures of more than `max_pixels` are refused by libheif, from version 1.19 on. Older versions
  /// look at the stated size alone, up to 32768 pixels a side.
  explicit HeifFile(std::string_view bytes, [[maybe_unused]] uint64_t max_pixels = UINT32_MAX)
      : format_(format_of(bytes)) {
    static std::once_flag loaded;
    std::call_once(loaded, [] { heif_init(nullptr); });
    context_.reset(heif_context_alloc());
    if (!context_) throw std::bad_alloc();
#if LIBHEIF_HAVE_VERSION(1, 19, 0)
    heif_context_get_security_limits(context_.get())->max_image_size_pixels = max_pixels;
#endif
    heif_context_set_max_decoding_threads(context_.get(), 0);  // images are decoded side by side already
    check(heif_context_read_from_memory_without_copy(context_.get(), bytes.data(), bytes.size(), nullptr),
          format_);
    heif_image_handle* handle = nullptr;
    check(heif_context_get_primary_image_handle(context_.get(), &handle), format_);
    handle_.reset(handle);
  }

  std::string_view format() const {
    return format_;
  }
  const heif_image_handle* image() const {
    return handle_.get();
  }

 private:
  std::string_view format_;
  std::unique_ptr<heif_context, FreeContext> context_;
  std::unique_ptr<heif_image_handle, ReleaseHandle> handle_;
};

std::unique_ptr<heif_image, ReleaseImage> decode_rgb(const HeifFile& file, bool has_alpha) {
  const std::unique_ptr<heif_decoding_options, FreeOptions> options(heif_decoding_options_alloc());
  if (!options) throw std::bad_alloc();
  options->convert_hdr_to_8bit = 1;
  options->strict_decoding = 1;
  heif_image* image = nullptr;
  check(heif_decode_image(file.image(), &image, heif_colorspace_RGB,
                          has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
                          options.get()),
        file.format());
  return std::unique_ptr<heif_image, ReleaseImage>(image);
}

}  // namespace

ImageHeader probe_heif(std::string_view bytes) {
  const HeifFile file(bytes);
  ImageHeader header{file.format()};
  header.width = heif_image_handle_get_width(file.image());
  header.height = heif_image_handle_get_height(file.image());
  return header;
}

std::string heif_profile(std::string_view bytes) {
  const HeifFile file(bytes);
  const size_t size = heif_image_handle_get_raw_color_profile_size(file.image());
  if (size > 0 && size <= kMaxProfileBytes) {
    std::string profile(size, '\0');
    const heif_error error = heif_image_handle_get_raw_color_profile(file.image(), profile.data());
    return error.code == heif_error_Ok ? profile : "";
  }
  heif_color_profile_nclx* nclx = nullptr;
  const heif_error error = heif_image_handle_get_nclx_color_profile(file.image(), &nclx);
  const std::unique_ptr<heif_color_profile_nclx, FreeNclx> owner(nclx);
  if (error.code != heif_error_Ok || nclx == nullptr) return "";
  return nclx_profile(nclx->color_primaries, nclx->transfer_characteristics);
}

Image decode_heif(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  const HeifFile file(bytes, context.max_bytes / kBytesPerPixel);
  const bool is_deep = heif_image_handle_get_luma_bits_per_pixel(file.image()) > 8;
  const auto pixels = static_cast<uint64_t>(header.width) * static_cast<uint64_t>(header.height);
  context.check_memory(pixels * ((is_deep ? kDeepBytesPerPixel : kBytesPerPixel) + 3), header);
  const bool has_alpha = heif_image_handle_has_alpha_channel(file.image()) != 0;
  const auto decoded = decode_rgb(file, has_alpha);
  int stride = 0;
  const uint8_t* plane = heif_image_get_plane_readonly(decoded.get(), heif_channel_interleaved, &stride);
  if (plane == nullptr || heif_image_get_width(decoded.get(), heif_channel_interleaved) != header.width ||
      heif_image_get_height(decoded.get(), heif_channel_interleaved) != header.height) {
    throw corrupt_error(header.format, "its size is stated twice");
  }
  const bool is_premultiplied = has_alpha && heif_image_handle_is_premultiplied_alpha(file.image()) != 0;
  RgbaRows rows(header, has_alpha ? 4 : 3, is_premultiplied, context.transform(ColorSpace::kRgb));
  for (int64_t y = 0; y < header.height; ++y) rows.add(plane + y * stride);
  return rows.take();
}

std::string heif_version() {
  return heif_get_version();
}

}  // namespace kiloword
