#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "kiloword/labels/label_set.h"

namespace kiloword {

/// Which labels of a set are kinds of which others: a forest, at most kMaxHypernyms high.
class LabelTree {
 public:
  /// Of labels as parse_label_set gives them. Throws Error(kInternal) for hypernyms that are no forest.
  explicit LabelTree(const std::vector<Label>& labels);

  /// The tree of `set`; null where no label is a kind of another.
  static std::shared_ptr<const LabelTree> of(const LabelSet& set);

  size_t size() const { return hypernyms_.size(); }
  std::optional<size_t> hypernym(size_t label) const { return hypernyms_[label]; }
  bool has_text(size_t label) const { return has_text_[label]; }
  bool has_kinds(size_t label) const { return has_kinds_[label]; }
  /// All labels, each before its hypernym.
  const std::vector<size_t>& kinds_first() const { return kinds_first_; }

  /// `label` and its hypernyms, nearest first.
  std::vector<size_t> path(size_t label) const;
  /// Whether `label` is `other` or a kind of it, however far below.
  bool is_a(size_t label, size_t other) const;
  /// The information of a name, 0..1: 1 - log(leaves at or below it) / log(all leaves), where leaves are
  /// labels without kinds (Deng et al. 2012, section 3). 1 for every leaf.
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
