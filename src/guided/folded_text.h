#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// A text prepared for comparison with phrases, by the rules documented at OutputRules.
struct FoldedText {
  std::vector<std::string> words;  ///< folded, UTF-8; one character each in scripts without spaces
  bool open_end = false;           ///< the last word reaches the end of the text, so it may continue
};

/// Folds `text` and splits it into words; invalid bytes separate words.
FoldedText fold_text(std::string_view text);

}  // namespace kiloword
