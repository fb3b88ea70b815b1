#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "kiloword/labels/label_set.h"

namespace kiloword {

/// The is-a hierarchy of a set's labels: a forest of at most kMaxHypernyms levels above a label.
class LabelTree {
 public:
  /// `labels` as parse_label_set() returns them. Throws Error(kInternal) if hypernyms do not form a forest.
  explicit LabelTree(const std::vector<Label>& labels);

  /// The tree of `set`; null if no label has a hypernym.
  static std::shared_ptr<const LabelTree> of(const LabelSet& set);

  size_t size() const { return hypernyms_.size(); }
  std::optional<size_t> hypernym(size_t label) const { return hypernyms_[label]; }
  bool has_text(size_t label) const { return has_text_[label]; }
  bool has_kinds(size_t label) const { return has_kinds_[label]; }
  /// All labels, in an order in which each precedes its hypernym.
  const std::vector<size_t>& kinds_first() const { return kinds_first_; }

  /// `label` and its hypernyms, nearest first.
  std::vector<size_t> path(size_t label) const;
  /// Whether `label` is `other` or a descendant of it.
  bool is_a(size_t label, size_t other) const;
  /// The information of a name, 0..1: 1 - log(leaves at or below it) / log(all leaves), leaves are labels
  /// without kinds (Deng et al. 2012, section 3). 1 for every leaf.
  double information(size_t label) const;

 private:
  std::vector<std::optional<size_t>> hypernyms_;
  std::vector<bool> has_text_;
  std::vector<bool> has_kinds_;
  std::vector<size_t> kinds_first_;
  std::vector<size_t> leaves_;  // at or below each label
  size_t all_leaves_ = 0;
};

}  // namespace kiloword
