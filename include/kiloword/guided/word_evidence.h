#pragma once

#include <string>

namespace kiloword {

/// A content word of a text with its support.
struct WordEvidence {
  std::string word;
  double support = 0;  ///< 0..1
};

}  // namespace kiloword
