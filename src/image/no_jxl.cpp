#include "image/optional_codecs.h"

// Compiled where libjxl was not found.
namespace kiloword {
namespace {

[[noreturn]] void fail() {
  throw missing_library_error("JPEG XL images need libjxl, which this kiloword was built without",
                              "libjxl-dev");
}

}  // namespace

ImageHeader probe_jxl(std::string_view /*bytes*/) {
  fail();
}

Image decode_jxl(std::string_view /*bytes*/, const ImageHeader& /*header*/,
                 const DecodeContext& /*context*/) {
  fail();
}

std::string jxl_version() {
  return "";
}

}  // namespace kiloword
