#include "image/orientation.h"

#include <algorithm>
#include <string>

#include "image/tiff_directory.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr std::string_view kExifPrefix("Exif\0\0", 6);

std::optional<int> digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

}  // namespace

std::optional<int> exif_orientation(std::string_view exif) {
  if (exif.substr(0, kExifPrefix.size()) == kExifPrefix) exif.remove_prefix(kExifPrefix.size());
  try {
    const uint32_t value = read_tiff_directory(exif).orientation.value_or(0);
    if (value >= 1 && value <= 8) return static_cast<int>(value);
  } catch (const Error&) {
  }
  return std::nullopt;
}

std::optional<int> xmp_orientation(std::string_view xmp) {
  constexpr std::string_view kName = "tiff:Orientation";
  const size_t name = xmp.find(kName);
  if (name == std::string_view::npos) return std::nullopt;
  std::string_view value = xmp.substr(name + kName.size());
  if (value.substr(0, 2) == "=\"" || value.substr(0, 2) == "='") {
    value.remove_prefix(2);
  } else if (value.substr(0, 1) == ">") {
    value.remove_prefix(1);
  }
  if (value.empty() || value[0] < '1' || value[0] > '8') return std::nullopt;
  return value[0] - '0';
}

std::optional<int> raw_profile_orientation(std::string_view text) {
  // An empty line, the kind and the length come first.
  for (int line = 0; line < 3; ++line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    if (text.empty()) return std::nullopt;
  }
  std::string exif;
  std::optional<int> high;
  for (const char c : text) {
    const std::optional<int> digit = digit_value(c);
    if (!digit) continue;
    if (high) exif.push_back(static_cast<char>(*high << 4 | *digit));
    high = high ? std::nullopt : digit;
  }
  return exif_orientation(exif);
}

}  // namespace kiloword
