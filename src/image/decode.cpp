#include "kiloword/image/decode.h"

#include <algorithm>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/color_profile.h"
#include "image/decode_context.h"
#include "image/document.h"
#include "image/optional_codecs.h"
#include "image/pixels.h"
#include "image/quiet_stderr.h"
#include "image/small_formats.h"
#include "kiloword/image/preprocess.h"
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
  Image (*decode)(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);
};

constexpr Decoder kDecoders[] = {
    {"JPEG", decode_jpeg},
    {"PNG", decode_png},
    {"GIF", decode_gif},
    {"TIFF", decode_tiff},
    {"PNM", decode_pnm},
    {"WebP", decode_webp},
    {"BMP", decode_bmp},
    {"JPEG 2000", decode_jpeg2000},
    {"Sun raster", decode_sun_raster},
    {"HEIC", decode_heif},
    {"AVIF", decode_heif},
    {"JPEG XL", decode_jxl},
    {"RAW", decode_raw},
    {"ICO", decode_ico},
    {"PAM", decode_pam},
    {"TGA", decode_tga},
};

Image decode_pixels(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  for (const Decoder& decoder : kDecoders) {
    if (decoder.format == header.format) {
      return decoder.decode(bytes, header, context);
    }
  }
  throw Error(ErrorKind::kInternal, "no decoder for " + std::string(header.format));
}

// At three times the size that they are scaled to, pictures give the embeddings of the full ones to a cosine
// of 0.9997; at twice that size, 0.997 (docs/performance.md): kLeastDecodedRatio.

/// The shortest side of a picture that is scaled as `spec` asks, before it is cropped.
int64_t shortest_side(const ImageHeader& header, const PreprocessSpec& spec) {
  if (spec.mode != ResizeMode::kPatches) return int64_t{spec.size_px} + spec.margin_px;
  const PictureSize size =
      fitted_size({static_cast<int>(header.width), static_cast<int>(header.height)}, spec);
  return std::min(size.width, size.height);
}

/// What the sides of a picture may be divided by when it is decoded for `spec`.
int reduction_for(const ImageHeader& header, const PreprocessSpec& spec) {
  if (header.format != "JPEG") return 1;
  const int64_t side_px = shortest_side(header, spec);
  int reduction = 8;
  while (reduction > 1 && std::min(header.width, header.height) < kLeastDecodedRatio * side_px * reduction) {
    reduction /= 2;
  }
  return reduction;
}

DecodedImage upright(Image stored, const ImageHeader& header, int reduction) {
  const PictureBox box{0, 0, static_cast<double>(header.width) / reduction,
                       static_cast<double>(header.height) / reduction};
  DecodedImage out;
  out.box = apply_orientation(box, stored.width, stored.height, header.orientation);
  out.image = apply_orientation(std::move(stored), header.orientation);
  out.full_width = static_cast<int>(header.width);
  out.full_height = static_cast<int>(header.height);
  if (header.orientation >= 5) std::swap(out.full_width, out.full_height);
  return out;
}

template <typename Reduction>
DecodedImage decode_pixels_of(std::string_view bytes, const DecodeLimits& limits,
                              Reduction choose_reduction) {
  const QuietStderr quiet;
  const ImageHeader header = probe_image(bytes);
  check_limits(header, limits);
  const int reduction = choose_reduction(header);
  try {
    DecodeContext context;
    context.max_bytes = max_decoding_bytes(limits);
    context.ignore_profile = limits.ignore_profile;
    if (!limits.ignore_profile) context.profile = embedded_profile(bytes, header);
    return upright(reduction == 1 ? decode_pixels(bytes, header, context)
                                  : decode_jpeg_reduced(bytes, header, context, reduction),
                   header, reduction);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::kInput, "not enough memory for an image of " + std::to_string(header.width) +
                                       " x " + std::to_string(header.height) + " pixels");
  }
}

template <typename Reduction>
DecodedImage decode(std::string_view bytes, const DecodeLimits& limits, Reduction choose_reduction) {
  const std::optional<DocumentKind> document = document_kind(bytes);
  if (!document) return decode_pixels_of(bytes, limits, choose_reduction);
  return decode_pixels_of(render_document(*document, bytes, limits), limits, choose_reduction);
}

}  // namespace

uint64_t max_decoding_bytes(const DecodeLimits& limits) {
  constexpr uint64_t kBytesPerPixel = 6;
  constexpr uint64_t kBeside = uint64_t{48} << 20;
  return static_cast<uint64_t>(limits.max_pixels) > (UINT64_MAX - kBeside) / kBytesPerPixel
             ? UINT64_MAX
             : static_cast<uint64_t>(limits.max_pixels) * kBytesPerPixel + kBeside;
}

void DecodeContext::check_memory(uint64_t bytes, const ImageHeader& header) const {
  if (bytes <= max_bytes) return;
  throw Error(ErrorKind::kInput,
              std::string(header.format) + " of a kind that takes " + std::to_string(bytes >> 20) +
                  " MiB to decode, more than the limit of pixels allows",
              "", "convert it to an 8-bit JPEG or PNG, or raise --max-pixels");
}

Image decode_image(std::string_view bytes, const DecodeLimits& limits) {
  return decode(bytes, limits, [](const ImageHeader&) { return 1; }).image;
}

DecodedImage decode_for_model(std::string_view bytes, const PreprocessSpec& spec,
                              const DecodeLimits& limits) {
  return decode(bytes, limits,
                [&](const ImageHeader& header) { return limits.exact ? 1 : reduction_for(header, spec); });
}

}  // namespace kiloword
