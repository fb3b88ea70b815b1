#include "image/optional_codecs.h"

// Compiled where LibRaw was not found.
namespace kiloword {
namespace {

[[noreturn]] void fail() {
  throw missing_library_error("RAW files need LibRaw, which this kiloword was built without", "libraw-dev");
}

}  // namespace

ImageHeader probe_raw(std::string_view /*bytes*/) {
  fail();
}

Image decode_raw(std::string_view /*bytes*/, const ImageHeader& /*header*/,
                 const DecodeContext& /*context*/) {
  fail();
}

std::string raw_version() {
  return "";
}

}  // namespace kiloword
