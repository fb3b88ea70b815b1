#include "image/optional_codecs.h"
#include "kiloword/image/read_text.h"

// Compiled where Tesseract was not found.
namespace kiloword {

struct TextReader::Engines {};

TextReader::TextReader(ReadingOptions options) : options_(std::move(options)) {
  if (options_.mode != Reading::kAlways) return;
  throw Error(ErrorKind::kModel, "reading text needs Tesseract, which this kiloword was built without",
              "--read-text", "install libtesseract-dev and build again");
}

TextReader::~TextReader() = default;

std::vector<ReadLine> TextReader::read(const DecodedImage& /*decoded*/,
                                       const std::function<DecodedImage()>& /*decode_larger*/) const {
  return {};
}

std::string tesseract_version() {
  return "";
}

}  // namespace kiloword
