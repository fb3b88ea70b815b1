#include <algorithm>
#include <string>

#include "image/byte_reader.h"
#include "image/rgba_rows.h"
#include "image/small_formats.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "PAM";
constexpr size_t kMaxHeaderBytes = 4096;

struct PamHeader {
  int64_t width = 0;
  int64_t height = 0;
  int64_t depth = 0;
  int64_t max_value = 0;
  size_t data = 0;  ///< where the samples start
};

int64_t number_of(std::string_view text) {
  int64_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') throw corrupt_error(kFormat, "a number is missing");
    number = std::min<int64_t>(number * 10 + (digit - '0'), INT32_MAX);
  }
  if (text.empty()) throw corrupt_error(kFormat, "a number is missing");
  return number;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\v\f";
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

/// Lines of a word and a value, up to ENDHDR.
PamHeader read_header(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  if (in.u8(2) != '\n') throw not_an_image_error();
  PamHeader header;
  for (size_t at = 3; at < kMaxHeaderBytes;) {
    const size_t end = bytes.find('\n', at);
    if (end == std::string_view::npos) throw truncated_error(kFormat);
    const std::string_view line = trimmed(bytes.substr(at, end - at));
    at = end + 1;
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    const std::string_view value = trimmed(line.substr(word.size()));
    if (word == "ENDHDR") {
      header.data = at;
      return header;
    }
    if (word == "WIDTH") header.width = number_of(value);
    if (word == "HEIGHT") header.height = number_of(value);
    if (word == "DEPTH") header.depth = number_of(value);
    if (word == "MAXVAL") header.max_value = number_of(value);
  }
  throw corrupt_error(kFormat, "a header without end");
}

}  // namespace

ImageHeader probe_pam(std::string_view bytes) {
  const PamHeader pam = read_header(bytes);
  ImageHeader header{kFormat};
  header.width = pam.width;
  header.height = pam.height;
  return header;
}

Image decode_pam(std::string_view bytes, const ImageHeader& header, const DecodeContext& /*context*/) {
  const PamHeader pam = read_header(bytes);
  if (pam.depth < 1 || pam.depth > 4) {
    throw unsupported_error("PAM of " + std::to_string(pam.depth) + " samples a pixel is not supported");
  }
  if (pam.max_value < 1 || pam.max_value > 65535) {
    throw corrupt_error(kFormat, "maximum value of " + std::to_string(pam.max_value));
  }
  const auto depth = static_cast<size_t>(pam.depth);
  const size_t sample_bytes = pam.max_value > 255 ? 2 : 1;
  const auto width = static_cast<size_t>(header.width);
  const size_t row_bytes = width * depth * sample_bytes;
  const auto max = static_cast<uint32_t>(pam.max_value);
  const ByteReader in(bytes, kFormat);
  if (row_bytes > (bytes.size() - pam.data) / static_cast<size_t>(header.height))
    throw truncated_error(kFormat);
  RgbaRows rows(header, 4, false, nullptr);
  std::vector<uint8_t> row(width * 4);
  for (size_t y = 0; y < static_cast<size_t>(header.height); ++y) {
    const ByteReader stored(in.text(pam.data + y * row_bytes, row_bytes), kFormat);
    const auto sample = [&](size_t index) {
      const uint32_t value = sample_bytes == 2 ? stored.be16(index * 2) : stored.u8(index);
      // 16 bits keep their high byte, as everywhere here; other ranges are scaled.
      return static_cast<uint8_t>(max == 65535 ? value >> 8 : (std::min(value, max) * 255 + max / 2) / max);
    };
    for (size_t x = 0; x < width; ++x) {
      for (size_t channel = 0; channel < 3; ++channel) {
        row[x * 4 + channel] = sample(x * depth + (depth >= 3 ? channel : 0));
      }
      row[x * 4 + 3] = depth % 2 == 0 ? sample(x * depth + depth - 1) : 255;
    }
    rows.add(row.data());
  }
  return rows.take();
}

}  // namespace kiloword
