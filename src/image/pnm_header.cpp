#include "image/pnm_header.h"

#include <algorithm>
#include <string>

#include "image/byte_reader.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "PNM";

bool is_space(uint8_t byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}
bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

}  // namespace

int64_t read_pnm_number(std::string_view bytes, size_t& at) {
  const ByteReader in(bytes, kFormat);
  while (in.u8(at) == '#' || is_space(in.u8(at))) {
    if (in.u8(at) == '#') {
      while (in.u8(at) != '\n' && in.u8(at) != '\r') {
        ++at;
      }
    }
    ++at;
  }
  if (!is_digit(in.u8(at))) {
    throw corrupt_error(kFormat, "a number is missing");
  }
  int64_t number = 0;
  // The last number of a plain file may end with the file.
  for (; at < bytes.size() && is_digit(in.u8(at)); ++at) {
    number = std::min<int64_t>(number * 10 + (in.u8(at) - '0'), INT32_MAX);
  }
  return number;
}

PnmHeader read_pnm_header(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  const int kind = in.u8(1) - '0';
  PnmHeader header;
  header.is_plain = kind <= 3;
  header.is_bitmap = kind == 1 || kind == 4;
  header.channels = kind == 3 || kind == 6 ? 3 : 1;
  size_t at = 2;
  if (!is_space(in.u8(at)) && in.u8(at) != '#') {
    throw not_an_image_error();  // a text that begins with "P1", say
  }
  header.width = read_pnm_number(bytes, at);
  header.height = read_pnm_number(bytes, at);
  if (!header.is_bitmap) {
    const int64_t max_value = read_pnm_number(bytes, at);
    if (max_value < 1 || max_value > 65535) {
      throw corrupt_error(kFormat, "maximum value of " + std::to_string(max_value));
    }
    header.max_value = static_cast<uint32_t>(max_value);
  }
  header.data = at + 1;  // exactly one white-space character ends the header
  return header;
}

}  // namespace kiloword
