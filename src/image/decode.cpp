#include "kiloword/image/decode.h"

#include <new>
#include <string>
#include <utility>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/pixels.h"
#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

void check_limits(const ImageHeader& header, const DecodeLimits& limits) {
  // Sides are below 2^32, so that the product of the two cannot be had in 64 bits: divide instead.
  if (header.width > limits.max_pixels / header.height) {
    throw Error(ErrorKind::kInput,
                "image of " + std::to_string(header.width) + " x " + std::to_string(header.height) +
                    " pixels is over the limit of " + std::to_string(limits.max_pixels),
                "", "make it smaller, or raise --max-pixels");
  }
}

struct Decoder {
  std::string_view format;
  Image (*decode)(std::string_view bytes, const ImageHeader& header);
};

constexpr Decoder kDecoders[] = {
    {"JPEG", decode_jpeg}, {"PNG", decode_png},          {"GIF", decode_gif},
    {"TIFF", decode_tiff}, {"PNM", decode_pnm},          {"WebP", decode_webp},
    {"BMP", decode_bmp},   {"JPEG 2000", decode_opencv}, {"Sun raster", decode_opencv},
};

Image decode_pixels(std::string_view bytes, const ImageHeader& header) {
  for (const Decoder& decoder : kDecoders) {
    if (decoder.format == header.format) {
      return decoder.decode(bytes, header);
    }
  }
  throw Error(ErrorKind::kInternal, "no decoder for " + std::string(header.format));
}

}  // namespace

Image decode_image(std::string_view bytes, const DecodeLimits& limits) {
  const ImageHeader header = probe_image(bytes);
  check_limits(header, limits);
  try {
    return apply_orientation(decode_pixels(bytes, header), header.orientation);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::kInput, "not enough memory for an image of " + std::to_string(header.width) +
                                       " x " + std::to_string(header.height) + " pixels");
  }
}

}  // namespace kiloword
