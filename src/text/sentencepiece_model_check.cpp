#include "text/sentencepiece_model_check.h"

namespace kiloword {

std::string find_sentencepiece_flaw(std::string_view model) {
  return model.empty() ? "file is empty" : "";
}

}  // namespace kiloword
