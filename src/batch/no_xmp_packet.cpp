#include "batch/xmp_packet.h"
#include "kiloword/base/error.h"

namespace kiloword {

bool can_write_xmp() {
  return false;
}

std::string xmp_packet(const std::string& /*old*/, const XmpTexts& /*texts*/, bool /*adds*/,
                       const std::string& path) {
  throw Error(ErrorKind::kOutput, "this build of kiloword writes no XMP", path,
              "install libexempi-dev and build again");
}

}  // namespace kiloword
