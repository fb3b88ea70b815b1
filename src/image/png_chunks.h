#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// The chunks of a PNG file, one after the other, of those that are whole. Checksums are not looked at.
class PngChunks {
 public:
  explicit PngChunks(std::string_view bytes) : rest_(bytes.substr(bytes.size() < 8 ? bytes.size() : 8)) {}

  /// Goes to the next chunk; false behind the last.
  bool next();
  std::string_view type() const { return type_; }
  std::string_view data() const { return data_; }

 private:
  std::string_view rest_;
  std::string_view type_;
  std::string_view data_;
};

/// Keyword and text of a tEXt, zTXt or iTXt chunk.
struct PngText {
  std::string_view keyword;
  std::string text;
};

/// How many texts of a file are looked at: a megabyte of text packs into a thousand bytes.
constexpr int kMaxPngTexts = 16;

/// Nothing where the chunk is of another type, is ill-formed, has none of the keywords that matter here
/// (raw profiles, XMP), or unpacks to more than a megabyte; and where `texts_left` is 0, which one that is
/// looked at makes less by one.
std::optional<PngText> read_png_text(const PngChunks& chunk, int& texts_left);

/// The ICC profile of an iCCP chunk's `data`, empty where it is ill-formed or of more than `max_bytes`.
std::string read_png_profile(std::string_view data, size_t max_bytes);

}  // namespace kiloword
