#include <libraw/libraw.h>

#include <algorithm>
#include <memory>
#include <string>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/optional_codecs.h"
#include "image/probe_formats.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "RAW";
// A preview of fewer pixels a side is a thumbnail, and pictures are developed at half their size down to
// this.
constexpr int64_t kLeastSide = 448;
constexpr uint64_t kRawBytesPerPixel = 2;
constexpr uint64_t kDevelopedBytesPerPixel = 8 + 3 + 3;  // four 16-bit samples, LibRaw's picture, and ours

struct FreePicture {
  void operator()(libraw_processed_image_t* picture) const { LibRaw::dcraw_clear_mem(picture); }
};
using Picture = std::unique_ptr<libraw_processed_image_t, FreePicture>;

void check(int status) {
  switch (status) {
    case LIBRAW_SUCCESS:
      return;
    case LIBRAW_FILE_UNSUPPORTED:
      throw unsupported_error("RAW file of a camera that LibRaw does not know");
    case LIBRAW_IO_ERROR:
      throw truncated_error(kFormat);
    case LIBRAW_UNSUFFICIENT_MEMORY:
    case LIBRAW_TOO_BIG:
      throw unsupported_error("RAW file that takes too much memory");
    default:
      if (status > 0) throw truncated_error(kFormat);
      throw corrupt_error(kFormat, libraw_strerror(status));
  }
}

/// What is made of the file, and its size as stored.
enum class Source { kPreview, kHalfSize, kFullSize };

class RawFile {
 public:
  explicit RawFile(std::string_view bytes) : raw_(std::make_unique<LibRaw>()) {
    raw_->set_dataerror_handler(nullptr, nullptr);  // which would print
    check(raw_->open_buffer(const_cast<char*>(bytes.data()), bytes.size()));
    const libraw_image_sizes_t& sizes = raw_->imgdata.sizes;
    header_ = ImageHeader{kFormat};
    if (read_preview()) return;
    // Of samples that are no colour filter array LibRaw makes the full size.
    const bool is_half =
        raw_->imgdata.idata.filters != 0 && std::min(sizes.width, sizes.height) >= 2 * kLeastSide;
    source_ = is_half ? Source::kHalfSize : Source::kFullSize;
    raw_->imgdata.params.half_size = is_half ? 1 : 0;
    raw_->imgdata.params.use_camera_wb = 1;
    raw_->imgdata.params.user_flip = 0;  // turned by whoever decodes, like every picture
    const int flip = sizes.flip;
    header_.width = is_half ? (sizes.width + 1) / 2 : sizes.width;
    header_.height = is_half ? (sizes.height + 1) / 2 : sizes.height;
    header_.orientation = orientation_of(flip);
  }

  const ImageHeader& header() const { return header_; }
  Source source() const { return source_; }
  std::string_view preview() const {
    const libraw_thumbnail_t& thumbnail = raw_->imgdata.thumbnail;
    return {thumbnail.thumb, thumbnail.tlength};
  }

  Picture develop(const DecodeContext& context) {
    const libraw_image_sizes_t& sizes = raw_->imgdata.sizes;
    const uint64_t bytes = uint64_t{sizes.raw_width} * sizes.raw_height * kRawBytesPerPixel +
                           static_cast<uint64_t>(header_.width) * static_cast<uint64_t>(header_.height) *
                               kDevelopedBytesPerPixel;
    context.check_memory(bytes, header_);
    limit_memory(context.max_bytes);
    check(raw_->unpack());
    check(raw_->dcraw_process());
    int status = 0;
    Picture picture(raw_->dcraw_make_mem_image(&status));
    if (!picture) check(status == 0 ? LIBRAW_DATA_ERROR : status);
    return picture;
  }

 private:
  /// Whether there is a JPEG preview of a useful size: then it is unpacked, and what the header tells of.
  bool read_preview() {
    const int flip = raw_->imgdata.sizes.flip;
    if (raw_->unpack_thumb() != LIBRAW_SUCCESS) return false;
    if (raw_->imgdata.thumbnail.tformat != LIBRAW_THUMBNAIL_JPEG) return false;
    try {
      const ImageHeader jpeg = probe_jpeg(preview());
      if (std::min(jpeg.width, jpeg.height) < kLeastSide) return false;
      header_.width = jpeg.width;
      header_.height = jpeg.height;
    } catch (const Error&) {
      return false;
    }
    header_.orientation = orientation_of(flip);
    return true;
  }

  /// LibRaw's flips (of dcraw: bit 2 mirrors over the diagonal, bit 1 upside down, bit 0 left and right), as
  /// EXIF orientations.
  static int orientation_of(int flip) {
    constexpr int kOrientations[] = {1, 2, 4, 3, 5, 8, 6, 7};
    return flip >= 0 && flip < 8 ? kOrientations[flip] : 1;
  }

  void limit_memory(uint64_t bytes) {
    const auto mebibytes = static_cast<unsigned>(std::min<uint64_t>(bytes >> 20, 1U << 20));
#if LIBRAW_COMPILE_CHECK_VERSION_NOTLESS(0, 21)
    raw_->imgdata.rawparams.max_raw_memory_mb = mebibytes;
#else
    raw_->imgdata.params.max_raw_memory_mb = mebibytes;
#endif
  }

  std::unique_ptr<LibRaw> raw_;  // hundreds of kilobytes
  ImageHeader header_;
  Source source_ = Source::kPreview;
};

}  // namespace

ImageHeader probe_raw(std::string_view bytes) {
  return RawFile(bytes).header();
}

Image decode_raw(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  RawFile file(bytes);
  if (file.source() == Source::kPreview) return decode_jpeg(file.preview(), header, context);
  const Picture picture = file.develop(context);
  if (picture->type != LIBRAW_IMAGE_BITMAP || picture->bits != 8 ||
      (picture->colors != 3 && picture->colors != 1)) {
    throw unsupported_error("RAW file of an unusual sample type");
  }
  if (picture->width != header.width || picture->height != header.height) {
    throw unsupported_error("RAW file without a preview, of a sensor whose pixels are slanted or not square");
  }
  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  const uint8_t* samples = picture->data;
  const size_t count = static_cast<size_t>(image.width) * static_cast<size_t>(image.height);
  if (picture->colors == 3) {
    image.rgb.assign(samples, samples + count * 3);
  } else {
    image.rgb.reserve(count * 3);
    for (size_t i = 0; i < count; ++i) image.rgb.insert(image.rgb.end(), 3, samples[i]);
  }
  return image;
}

std::string raw_version() {
  return LibRaw::version();
}

}  // namespace kiloword
