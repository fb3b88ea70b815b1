#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// Iterates over the complete chunks of a PNG file. Does not verify checksums.
class PngChunks {
 public:
  explicit PngChunks(std::string_view bytes) : rest_(bytes.substr(bytes.size() < 8 ? bytes.size() : 8)) {}

  /// Moves to the next chunk; false after the last.
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

/// Maximum number of texts read per file, since a thousand bytes may unpack to a megabyte.
constexpr int kMaxPngTexts = 16;

/// The text of `chunk`; none if the chunk is of another type, is ill-formed, has none of the keywords used
/// here (raw profiles, XMP), or unpacks to more than a megabyte. Each text that is read decrements
/// `texts_left`; none at 0.
std::optional<PngText> read_png_text(const PngChunks& chunk, int& texts_left);

/// The ICC profile in an iCCP chunk's `data`; empty if it is ill-formed or exceeds `max_bytes`.
std::string read_png_profile(std::string_view data, size_t max_bytes);

}  // namespace kiloword
