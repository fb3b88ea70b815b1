#include "tokenizer/checked_text.h"

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"

namespace kiloword {

std::string checked_text(std::string_view text, size_t max_mib) {
  if (text.size() > max_mib << 20) {
    throw Error(ErrorKind::kInput, "text is longer than " + std::to_string(max_mib) + " MiB", "", "split it");
  }
  return to_valid_utf8(text);
}

}  // namespace kiloword
