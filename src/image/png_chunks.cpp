#include "image/png_chunks.h"

#include "image/byte_reader.h"
#include "image/inflate.h"

namespace kiloword {
namespace {

constexpr size_t kMaxTextBytes = 1 << 20;

bool matters(std::string_view keyword) {
  return keyword == "Raw profile type exif" || keyword == "Raw profile type APP1" ||
         keyword == "XML:com.adobe.xmp";
}

/// The part of `data` before its first zero, which is taken off with the zero.
std::optional<std::string_view> take_string(std::string_view& data) {
  const size_t end = data.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view out = data.substr(0, end);
  data.remove_prefix(end + 1);
  return out;
}

}  // namespace

bool PngChunks::next() {
  const ByteReader in(rest_, "PNG");
  if (!in.has(0, 8)) return false;
  const size_t length = in.be32(0);
  if (!in.has(8, length)) return false;
  type_ = rest_.substr(4, 4);
  data_ = rest_.substr(8, length);
  rest_.remove_prefix(in.has(8 + length, 4) ? length + 12 : rest_.size());
  return true;
}

// PNG specification (third edition), section 11.3.3.
std::optional<PngText> read_png_text(const PngChunks& chunk, int& texts_left) {
  const bool is_international = chunk.type() == "iTXt";
  bool is_packed = chunk.type() == "zTXt";
  if (!is_international && !is_packed && chunk.type() != "tEXt") return std::nullopt;
  std::string_view data = chunk.data();
  const std::optional<std::string_view> keyword = take_string(data);
  if (!keyword || !matters(*keyword) || texts_left == 0) return std::nullopt;
  --texts_left;
  if (is_international) {
    if (data.size() < 2) return std::nullopt;
    is_packed = data[0] != 0;
    data.remove_prefix(2);
    if (!take_string(data) || !take_string(data)) return std::nullopt;  // language, translated keyword
  } else if (is_packed) {
    data.remove_prefix(data.empty() ? 0 : 1);  // the method, of which there is one
  }
  if (!is_packed) return PngText{*keyword, std::string(data.substr(0, kMaxTextBytes))};
  std::optional<std::string> text = inflated(data, kMaxTextBytes);
  if (!text) return std::nullopt;
  return PngText{*keyword, std::move(*text)};
}

std::string read_png_profile(std::string_view data, size_t max_bytes) {
  if (!take_string(data) || data.empty()) return "";
  return inflated(data.substr(1), max_bytes).value_or("");
}

}  // namespace kiloword
