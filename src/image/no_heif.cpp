#include "image/optional_codecs.h"

// Compiled where libheif was not found.
namespace kiloword {
namespace {

[[noreturn]] void fail() {
  throw missing_library_error("HEIC and AVIF images need libheif, which this kiloword was built without",
                              "libheif-dev");
}

}  // namespace

ImageHeader probe_heif(std::string_view /*bytes*/) {
  fail();
}

Image decode_heif(std::string_view /*bytes*/, const ImageHeader& /*header*/,
                  const DecodeContext& /*context*/) {
  fail();
}

std::string heif_profile(std::string_view /*bytes*/) {
  return "";
}

std::string heif_version() {
  return "";
}

}  // namespace kiloword
