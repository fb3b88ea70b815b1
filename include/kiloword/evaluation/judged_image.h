#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/labels/label_set.h"
#include "kiloword/labels/ranking.h"

namespace kiloword {

/// Which labels of a set are true of the images of a class.
class ClassMap {
 public:
  /// Classes are found by their name: that of a label, in any case, `_` and `-` standing for spaces.
  explicit ClassMap(const LabelSet& set);

  /// Adds the lines `class<TAB>label[|label...]` of a map file; a class without labels is one that nothing of
  /// the set fits. `path` goes into errors. Throws Error(kInput) at `path:line` for anything else, and for
  /// labels that the set does not have.
  void read(std::string_view content, const std::string& path);

  /// The true labels of class `name`, as indices of the set, sorted; empty when nothing of the set fits.
  std::vector<size_t> labels_of(const std::string& name) const;

 private:
  std::map<std::string, size_t> labels_;                 // by simplified name
  std::map<std::string, std::vector<size_t>> by_class_;  // from map files
};

/// What a set says about one image of a known class.
struct JudgedImage {
  std::string path;
  std::string class_name;
  bool absent = false;   ///< nothing of the set fits: whatever is said is false
  size_t true_rank = 0;  ///< place of the best true label among all, from 1; 0: absent
  ScoredLabel best;      ///< what would be said, with its confidence
  bool said = false;     ///< it is said
  LeftOut left_out = LeftOut::kNone;

  bool is_true() const { return true_rank == 1; }
};

/// Judges the statement `candidate` of a set about an image whose true labels are `truth`.
JudgedImage judge(const Candidate& candidate, const SetScores& scores, const std::vector<size_t>& truth);

}  // namespace kiloword
