#pragma once

#include <string>
#include <vector>

#include "kiloword/image/read_text.h"

namespace kiloword {

/// A recognised word.
struct ReadWord {
  std::string text;
  PictureBox box;
  double confidence = 0;  ///< 0..1
};

/// Joins words to lines, dropping words of low confidence and lines that hardly consist of words.
class LineBuilder {
 public:
  void add(const ReadWord& word, bool starts_line);
  std::vector<ReadLine> take();

 private:
  void end_line();

  std::vector<ReadWord> words_;
  std::vector<ReadLine> lines_;
};

/// Merges the lines of two readings of one page, from the top; of lines at the same place, keeps the more
/// confident and longer one.
std::vector<ReadLine> merged(std::vector<ReadLine> lines, std::vector<ReadLine> others);

}  // namespace kiloword
