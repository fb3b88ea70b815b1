#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/pixels.h"

// libtiff is used directly and not through OpenCV, whose reader returns black strips for damaged ones and no
// picture at all for many bit depths.
namespace kiloword {
namespace {

/// The file in memory, as libtiff's callbacks see it, and the first thing that went wrong.
struct TiffSource {
  std::string_view bytes;
  uint64_t position = 0;
  bool read_past_end = false;
  std::string message;
};

TiffSource& source_of(thandle_t handle) {
  return *static_cast<TiffSource*>(handle);
}

tmsize_t on_read(thandle_t handle, void* to, tmsize_t count) {
  TiffSource& source = source_of(handle);
  const uint64_t left = source.bytes.size() - std::min<uint64_t>(source.position, source.bytes.size());
  const uint64_t available = std::min(static_cast<uint64_t>(count), left);
  source.read_past_end = source.read_past_end || available < static_cast<uint64_t>(count);
  std::memcpy(to, source.bytes.data() + (source.bytes.size() - left), available);
  source.position += available;
  return static_cast<tmsize_t>(available);
}

tmsize_t on_write(thandle_t /*handle*/, void* /*from*/, tmsize_t /*count*/) {
  return 0;
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  TiffSource& source = source_of(handle);
  const uint64_t base = whence == SEEK_CUR ? source.position : whence == SEEK_END ? source.bytes.size() : 0;
  source.position = base + offset;
  return source.position;
}

int on_close(thandle_t /*handle*/) {
  return 0;
}

toff_t on_size(thandle_t handle) {
  return source_of(handle).bytes.size();
}

/// Keeps libtiff's first message; returning 1 keeps it from the global handler, which prints.
int on_error(TIFF* /*tiff*/, void* user, const char* /*module*/, const char* format, va_list arguments) {
  std::string& message = static_cast<TiffSource*>(user)->message;
  if (message.empty()) {
    char text[256];
    std::vsnprintf(text, sizeof(text), format, arguments);
    message = text;
  }
  return 1;
}

int on_warning(TIFF* /*tiff*/, void* /*user*/, const char* /*module*/, const char* /*format*/,
               va_list /*args*/) {
  return 1;
}

using TiffHandle = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

TiffHandle open_tiff(TiffSource& source) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 TIFFOpenOptionsFree);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, nullptr);
  // "m": no memory mapping, so that on_read() sees when the file ends too early.
  return {TIFFClientOpenExt("", "rm", &source, on_read, on_write, on_seek, on_close, on_size, nullptr,
                            nullptr, options.get()),
          TIFFClose};
}

/// libtiff's conversion of every colour space and bit depth to 8-bit RGBA, ended whatever happens.
struct RgbaConversion {
  TIFFRGBAImage image{};
  bool begun = false;

  ~RgbaConversion() {
    if (begun) {
      TIFFRGBAImageEnd(&image);
    }
  }
};

/// Whether the fourth sample is only padding, which libtiff would take for an opacity.
bool has_padding_sample(TIFF* tiff) {
  uint16_t count = 0;
  uint16_t* kinds = nullptr;
  return TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) != 0 && count > 0 &&
         kinds[0] == EXTRASAMPLE_UNSPECIFIED;
}

[[noreturn]] void throw_decoding_error(const TiffSource& source) {
  throw source.read_past_end ? truncated_error("TIFF") : corrupt_error("TIFF", source.message);
}

}  // namespace

Image decode_tiff(std::string_view bytes, const ImageHeader& header, const DecodeContext& /*context*/) {
  TiffSource source;
  source.bytes = bytes;
  const TiffHandle tiff = open_tiff(source);
  if (!tiff) {
    throw_decoding_error(source);
  }
  char reason[1024] = "";
  RgbaConversion conversion;
  if (TIFFRGBAImageOK(tiff.get(), reason) == 0) {
    throw unsupported_error("TIFF that cannot be read: " + std::string(reason));
  }
  conversion.begun = TIFFRGBAImageBegin(&conversion.image, tiff.get(), /*stop=*/1, reason) != 0;
  if (!conversion.begun) {
    throw_decoding_error(source);
  }
  TIFFRGBAImage& rgba = conversion.image;
  if (rgba.width != header.width || rgba.height != header.height) {
    throw corrupt_error("TIFF", "its size is stated twice");
  }
  // Pixels as they are stored, from the top: the caller turns them.
  rgba.orientation = ORIENTATION_TOPLEFT;
  rgba.req_orientation = ORIENTATION_TOPLEFT;

  const size_t pixels = static_cast<size_t>(rgba.width) * rgba.height;
  // Not initialised: a file that claims much and holds little costs no memory.
  const std::unique_ptr<uint32_t[]> raster(new uint32_t[pixels]);
  source.read_past_end = false;
  if (TIFFRGBAImageGet(&rgba, raster.get(), rgba.width, rgba.height) == 0 || !source.message.empty()) {
    throw_decoding_error(source);
  }

  Image image{static_cast<int>(rgba.width), static_cast<int>(rgba.height), {}};
  image.rgb.resize(pixels * 3);
  const bool is_opaque = rgba.alpha == 0 || has_padding_sample(tiff.get());
  for (size_t i = 0; i < pixels; ++i) {
    const uint32_t pixel = raster[i];
    // libtiff has multiplied the colours by the opacity.
    const uint32_t white = is_opaque ? 0 : 255 - TIFFGetA(pixel);
    image.rgb[i * 3] = static_cast<uint8_t>(std::min(TIFFGetR(pixel) + white, 255U));
    image.rgb[i * 3 + 1] = static_cast<uint8_t>(std::min(TIFFGetG(pixel) + white, 255U));
    image.rgb[i * 3 + 2] = static_cast<uint8_t>(std::min(TIFFGetB(pixel) + white, 255U));
  }
  return image;
}

}  // namespace kiloword
