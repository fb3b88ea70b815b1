#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/image/read_line.h"
#include "kiloword/image/written_text.h"

namespace kiloword {

/// When to read the words of an image.
enum class Reading {
  kOff,
  kAuto,    ///< where find_text() sees lines, and where a program drew the image
  kAlways,  ///< in every image
};

/// The mode called "off", "auto" or "always". Throws Error(kUsage) for another name.
Reading reading_mode(const std::string& name);

/// How words are read.
struct ReadingOptions {
  Reading mode = Reading::kOff;
  std::string language = "eng";  ///< Tesseract's name of its data; several with + between them
  int max_ms = 3000;             ///< for one image; one that takes longer is not read
};

/// Images are decoded to at least this many pixels on the shortest side before reading, if they have so many.
constexpr int kReadingSide = 1200;

/// Reads words with Tesseract 5. May be used by several threads at once; each has its own recogniser, which
/// is kept for the next image.
class TextReader {
 public:
  /// Throws Error(kModel) where words are to be read of every image and kiloword was built without Tesseract,
  /// and where the data of a language is missing, but for English in the mode kAuto, which then reads
  /// nothing.
  explicit TextReader(ReadingOptions options);
  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;
  ~TextReader();

  const ReadingOptions& options() const { return options_; }

  /// The lines of `decoded` that are legible and sure enough, from the top. None where the mode is kAuto and
  /// find_text() sees nothing. Where `decoded` is a fraction of its full size, the words are read in what
  /// `decode_larger` gives, a decoding of kReadingSide or more. Throws Error(kModel) where the data of a
  /// language that there was is missing.
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

/// The version of Tesseract; empty where kiloword was built without it.
std::string tesseract_version();

}  // namespace kiloword
