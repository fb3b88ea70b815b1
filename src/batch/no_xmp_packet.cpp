#include "batch/xmp_packet.h"
#include "kiloword/base/error.h"

namespace kiloword {

bool can_write_xmp() {
  return false;
}

std::string xmp_packet(const std::string& /*old*/, const XmpTexts& /*texts*/, bool /*adds*/,
                       const std::string& path) {
  throw Error(ErrorKind::kOutput, "this build of kiloword cannot write XMP", path,
              "install libexempi-dev and build again");
}

bool update_xmp_of_file(const std::string& /*file*/, const XmpTexts& texts, bool adds,
                        const std::string& path) {
  return !xmp_packet("", texts, adds, path).empty();
}

}  // namespace kiloword
