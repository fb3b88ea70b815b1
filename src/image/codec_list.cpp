#include "image/optional_codecs.h"
#include "kiloword/base/bounded_child.h"
#include "kiloword/image/codecs.h"
#include "kiloword/image/read_text.h"

namespace kiloword {
namespace {

std::string library_state(const std::string& version, const std::string& package) {
  return version.empty() ? "not built in: install " + package + " and build again" : version;
}

std::string program_state(const std::string& program, const std::string& package) {
  return has_program(program) ? "found" : "not found: install " + package;
}

}  // namespace

Error missing_library_error(const std::string& what, const std::string& package) {
  const bool is_for_building = package.size() > 4 && package.substr(package.size() - 4) == "-dev";
  return {ErrorKind::kInput, what, "",
          "install the package " + package + (is_for_building ? " and build kiloword again" : "") +
              ", or convert it to a JPEG or PNG"};
}

std::vector<OptionalCodec> optional_codecs() {
  return {{"HEIC and AVIF", "libheif", library_state(heif_version(), "libheif-dev")},
          {"JPEG XL", "libjxl", library_state(jxl_version(), "libjxl-dev")},
          {"RAW", "LibRaw", library_state(raw_version(), "libraw-dev")},
          {"SVG", "rsvg-convert", program_state("rsvg-convert", "librsvg2-bin")},
          {"words in images", "Tesseract", library_state(tesseract_version(), "libtesseract-dev")},
          {"PDF", "pdftoppm", program_state("pdftoppm", "poppler-utils")},
          {"videos and animations", "ffmpeg", program_state("ffmpeg", "ffmpeg")}};
}

}  // namespace kiloword
