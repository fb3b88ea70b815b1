#pragma once

#include <string>

namespace kiloword {

/// A tokenizer file in memory; `path` is shown in errors.
struct VocabularyFile {
  std::string path;
  std::string text;
};

}  // namespace kiloword
