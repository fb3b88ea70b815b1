#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"

namespace kiloword {
namespace {

/// Rows of an interlaced picture arrive in four passes (GIF89a specification, appendix E).
struct Pass {
  int start;
  int step;
};
constexpr Pass kInterlaced[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
constexpr Pass kProgressive[] = {{0, 1}};

/// giflib's low-level reader, used record by record: DGifSlurp() would decode every frame.
class GifReader {
 public:
  explicit GifReader(std::string_view bytes) : rest_(bytes) {
    gif_ = DGifOpen(this, on_read, &open_error_);
    if (gif_ == nullptr) {
      throw error();
    }
  }
  GifReader(const GifReader&) = delete;
  GifReader& operator=(const GifReader&) = delete;
  ~GifReader() { DGifCloseFile(gif_, nullptr); }

  /// Goes to the first frame; its place and colours are in frame() and colors() afterwards.
  void find_frame() {
    while (true) {
      GifRecordType type = UNDEFINED_RECORD_TYPE;
      check(DGifGetRecordType(gif_, &type));
      if (type == IMAGE_DESC_RECORD_TYPE) {
        check(DGifGetImageDesc(gif_));
        return;
      }
      if (type != EXTENSION_RECORD_TYPE) {
        throw corrupt_error("GIF", "no image in it");
      }
      read_extension();
    }
  }

  void read_row(std::vector<GifPixelType>& row) {
    check(DGifGetLine(gif_, row.data(), static_cast<int>(row.size())));
  }

  const GifImageDesc& frame() const { return gif_->Image; }
  const ColorMapObject* colors() const {
    return gif_->Image.ColorMap != nullptr ? gif_->Image.ColorMap : gif_->SColorMap;
  }
  std::optional<int> transparent_index() const { return transparent_index_; }

 private:
  static int on_read(GifFileType* gif, GifByteType* to, int count) {
    auto* self = static_cast<GifReader*>(gif->UserData);
    const size_t wanted = static_cast<size_t>(count);
    const size_t available = std::min(wanted, self->rest_.size());
    self->read_past_end_ = self->read_past_end_ || available < wanted;
    std::memcpy(to, self->rest_.data(), available);
    self->rest_.remove_prefix(available);
    return static_cast<int>(available);
  }

  void read_extension() {
    int code = 0;
    GifByteType* block = nullptr;  // a length, then so many bytes
    check(DGifGetExtension(gif_, &code, &block));
    while (block != nullptr) {
      GraphicsControlBlock control;
      if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
        transparent_index_.reset();
        if (control.TransparentColor != NO_TRANSPARENT_COLOR) {
          transparent_index_ = control.TransparentColor;
        }
      }
      check(DGifGetExtensionNext(gif_, &block));
    }
  }

  void check(int status) const {
    if (status != GIF_OK) {
      throw error();
    }
  }

  Error error() const {
    if (read_past_end_) {
      return truncated_error("GIF");
    }
    const int code = gif_ != nullptr ? gif_->Error : open_error_;
    if (code == D_GIF_ERR_READ_FAILED) {  // within the file, giflib says this of one thing only
      return corrupt_error("GIF", "impossible code size");
    }
    const char* reason = GifErrorString(code);
    return corrupt_error("GIF", reason != nullptr ? reason : "");
  }

  std::string_view rest_;
  GifFileType* gif_ = nullptr;
  int open_error_ = 0;
  bool read_past_end_ = false;
  std::optional<int> transparent_index_;
};

/// As Pillow has it: an index behind the table's end is black, and without a table it is a level of grey.
GifColorType color_of(GifPixelType index, const ColorMapObject* colors) {
  if (colors == nullptr) return {index, index, index};
  return index < colors->ColorCount ? colors->Colors[index] : GifColorType{};
}

}  // namespace

Image decode_gif(std::string_view bytes, const ImageHeader& header, const DecodeContext& /*context*/) {
  GifReader reader(bytes);
  reader.find_frame();
  const GifImageDesc& frame = reader.frame();
  const ColorMapObject* colors = reader.colors();
  if (frame.Width < 1 || frame.Height < 1) {
    throw corrupt_error("GIF", "an empty frame");
  }
  if (frame.Left + int64_t{frame.Width} > header.width || frame.Top + int64_t{frame.Height} > header.height) {
    throw corrupt_error("GIF", "its size is stated twice");
  }

  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  const size_t stride = static_cast<size_t>(image.width) * 3;
  image.rgb.assign(stride * static_cast<size_t>(image.height), 255);
  std::vector<GifPixelType> row(static_cast<size_t>(frame.Width));
  const Pass* passes = frame.Interlace ? std::begin(kInterlaced) : std::begin(kProgressive);
  const Pass* passes_end = frame.Interlace ? std::end(kInterlaced) : std::end(kProgressive);
  for (const Pass* pass = passes; pass != passes_end; ++pass) {
    for (int y = pass->start; y < frame.Height; y += pass->step) {
      reader.read_row(row);
      uint8_t* out = image.rgb.data() + static_cast<size_t>(frame.Top + y) * stride +
                     static_cast<size_t>(frame.Left) * 3;
      for (const GifPixelType index : row) {
        if (index != reader.transparent_index()) {
          const GifColorType color = color_of(index, colors);
          out[0] = color.Red;
          out[1] = color.Green;
          out[2] = color.Blue;
        }
        out += 3;
      }
    }
  }
  return image;
}

}  // namespace kiloword
