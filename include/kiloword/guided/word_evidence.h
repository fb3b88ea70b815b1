#pragma once

#include <string>

namespace kiloword {

/// A content word of a text and the image's support for it.
struct WordEvidence {
  std::string word;
  double support = 0;  ///< 0..1
};

}  // namespace kiloword
