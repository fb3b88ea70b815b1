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

Image decode_pixels(std::string_view bytes, const ImageHeader& header) {
  if (header.format == "JPEG") {
    return decode_jpeg(bytes, header);
  }
  if (header.format == "PNG") {
    return decode_png(bytes, header);
  }
  if (header.format == "GIF") {
    return decode_gif(bytes, header);
  }
  if (header.format == "TIFF") {
    return decode_tiff(bytes, header);
  }
  if (header.format == "PNM") {
    return decode_pnm(bytes, header);
  }
  return decode_opencv(bytes, header);
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
