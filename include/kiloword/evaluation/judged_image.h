#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/decision/ranking.h"
#include "kiloword/labels/label_set.h"

namespace kiloword {

/// Which labels of a set are true of the images of a class.
class ClassMap {
 public:
  /// Classes are matched to labels by name, in any case, with `_` and `-` read as spaces.
  explicit ClassMap(const LabelSet& set);

  /// Adds the lines `class<TAB>label[|label...]` of a map file; a class without labels is out of set. `path`
  /// is shown in errors. Throws Error(kInput) at `path:line` for anything else, and for labels that the set
  /// does not have.
  void read(std::string_view content, const std::string& path);

  /// The true labels of class `name`, as indices of the set, sorted; empty if it is out of set.
  std::vector<size_t> labels_of(const std::string& name) const;

 private:
  std::map<std::string, size_t> labels_;                 // by simplified name
  std::map<std::string, std::vector<size_t>> by_class_;  // from map files
};

/// Whether `label` is true given the true labels `truth`: it is one of them or, with a `tree` (may be null),
/// a hypernym of one. A kind of a true label is not known to be true.
bool is_true_of(const LabelTree* tree, const std::vector<size_t>& truth, size_t label);

/// A name that a set with a tree may give to an image.
struct JudgedName {
  size_t label = 0;
  double confidence = 0.0;   ///< 0..1
  double information = 0.0;  ///< LabelTree::information
  bool is_true = false;
  bool is_exact = false;  ///< it is the true label itself, not a hypernym
};

/// The statement of a set about one image of a known class.
struct JudgedImage {
  std::string path;
  std::string class_name;
  bool out_of_set = false;  ///< no label of the set fits: every statement is false
  /// Rank of the best true label among all labels with a text, from 1; 0: none. With a tree, kinds of a true
  /// label count as true here.
  size_t true_rank = 0;
  ScoredLabel best;   ///< the best statement, with its confidence
  bool said = false;  ///< it is selected
  Rejection rejection = Rejection::kNone;

  /// For a set with a tree, the names selected at some threshold, most specific first. Empty if the set
  /// abstains at every threshold.
  std::vector<JudgedName> names = {};

  /// Whether the best label is true.
  bool is_top1() const { return true_rank == 1; }
  /// Whether the statement is true.
  bool is_true() const;
};

/// Judges the statement `candidate` of a set about an image whose true labels are `truth`. `tree` is the
/// set's; may be null.
JudgedImage judge(const Candidate& candidate, const SetScores& scores, const std::vector<size_t>& truth,
                  const LabelTree* tree = nullptr);

}  // namespace kiloword
