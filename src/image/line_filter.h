#pragma once

#include <string>
#include <vector>

#include "kiloword/image/read_text.h"

namespace kiloword {

/// A word that was recognised.
struct ReadWord {
  std::string text;
  PictureBox box;
  double confidence = 0;  ///< 0..1
};

/// Puts words together to lines, without those that are not sure, and without lines that are hardly words.
class LineBuilder {
 public:
  void add(const ReadWord& word, bool starts_line);
  std::vector<ReadLine> take();

 private:
  void end_line();

  std::vector<ReadWord> words_;
  std::vector<ReadLine> lines_;
};

/// The lines of two readings of one page, from the top; of those at the same place the one that is surer and
/// longer.
std::vector<ReadLine> merged(std::vector<ReadLine> lines, std::vector<ReadLine> others);

}  // namespace kiloword
