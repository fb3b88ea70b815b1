#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// A text as phrases are compared with it; the rules stand at OutputRules.
struct FoldedText {
  std::vector<std::string> words;  ///< folded, UTF-8; one character each in scripts without spaces
  bool open_end = false;           ///< the last word reaches the text's end: what follows may belong to it
};

/// `text` (invalid bytes separate words) folded and cut into words.
FoldedText fold_text(std::string_view text);

}  // namespace kiloword
