#include "kiloword/base/error.h"
#include "kiloword/image/read_text.h"

namespace kiloword {

Reading reading_mode(const std::string& name) {
  if (name == "off") return Reading::kOff;
  if (name == "auto") return Reading::kAuto;
  if (name == "always") return Reading::kAlways;
  throw Error(ErrorKind::kUsage, "no such mode of reading text: " + name, "", "give off, auto or always");
}

}  // namespace kiloword
