#pragma once

#include <string>

namespace kiloword {

/// A file of a tokenizer in memory; `path` is what errors name.
struct VocabularyFile {
  std::string path;
  std::string text;
};

}  // namespace kiloword
