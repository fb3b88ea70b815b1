#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/image/read_line.h"
#include "kiloword/image/written_text.h"

namespace kiloword {

/// When to read text in images.
enum class Reading {
  kOff,
  kAuto,    ///< if find_text() finds lines, or the image is computer-drawn
  kAlways,  ///< always
};

/// The mode called "off", "auto" or "always". Throws Error(kUsage) for another name.
Reading reading_mode(const std::string& name);

/// How text is read.
struct ReadingOptions {
  Reading mode = Reading::kOff;
  std::string language = "eng";  ///< Tesseract's language code; several joined by +
  int max_ms = 3000;             ///< per image; text of an image that takes longer is not read
};

/// For reading, images are decoded with at least this many pixels on the shortest side, if they have that
/// many.
constexpr int kReadingSide = 1200;

/// Reads text with Tesseract 5. Thread-safe: each thread has its own recogniser, which is reused for later
/// images.
class TextReader {
 public:
  /// Throws Error(kModel) in mode kAlways if kiloword was built without Tesseract, and if the data of a
  /// language is missing, except for English in mode kAuto, which then reads nothing.
  explicit TextReader(ReadingOptions options);
  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;
  ~TextReader();

  const ReadingOptions& options() const { return options_; }

  /// The legible lines of `decoded` with sufficient confidence, from the top. Empty in mode kAuto unless
  /// find_text() finds lines, or the image is computer-drawn. If `decoded` is at a reduced size, text is read
  /// from the image that `decode_larger` returns, decoded with kReadingSide or more. Throws Error(kModel) if
  /// language data that existed before is missing.
  std::vector<ReadLine> read(const DecodedImage& decoded,
                             const std::function<DecodedImage()>& decode_larger = {}) const;

 private:
  struct Engines;

  /// `found` are in pixels of `decoded`.
  std::vector<ReadLine> recognise(const DecodedImage& decoded, const std::vector<TextLine>& found,
                                  std::chrono::steady_clock::time_point deadline) const;

  ReadingOptions options_;
  std::unique_ptr<Engines> engines_;
};

/// The version of Tesseract; empty if kiloword was built without it.
std::string tesseract_version();

}  // namespace kiloword
