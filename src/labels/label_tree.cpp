#include "kiloword/labels/label_tree.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kiloword/base/error.h"

namespace kiloword {

LabelTree::LabelTree(const std::vector<Label>& labels)
    : has_text_(labels.size()),
      has_kinds_(labels.size()),
      kinds_first_(labels.size()),
      leaves_(labels.size()) {
  for (size_t i = 0; i < labels.size(); ++i) {
    hypernyms_.push_back(labels[i].hypernym);
    has_text_[i] = labels[i].has_text;
    if (labels[i].hypernym) has_kinds_.at(*labels[i].hypernym) = true;
  }
  std::vector<size_t> heights;
  for (size_t i = 0; i < labels.size(); ++i) heights.push_back(path(i).size());
  std::iota(kinds_first_.begin(), kinds_first_.end(), size_t{0});
  std::stable_sort(kinds_first_.begin(), kinds_first_.end(),
                   [&heights](size_t a, size_t b) { return heights[a] > heights[b]; });
  for (const size_t label : kinds_first_) {
    if (!has_kinds_[label]) {
      leaves_[label] = 1;
      ++all_leaves_;
    }
    if (hypernyms_[label]) leaves_[*hypernyms_[label]] += leaves_[label];
  }
}

std::shared_ptr<const LabelTree> LabelTree::of(const LabelSet& set) {
  const auto is_kind = [](const Label& label) { return label.hypernym.has_value(); };
  if (std::none_of(set.labels.begin(), set.labels.end(), is_kind)) return nullptr;
  return std::make_shared<const LabelTree>(set.labels);
}

std::vector<size_t> LabelTree::path(size_t label) const {
  std::vector<size_t> labels;
  for (std::optional<size_t> at = label; at; at = hypernyms_[*at]) {
    if (labels.size() > kMaxHypernyms)
      throw Error(ErrorKind::kInternal, "the hypernyms of a label set are not a forest");
    labels.push_back(*at);
  }
  return labels;
}

bool LabelTree::is_a(size_t label, size_t other) const {
  for (std::optional<size_t> at = label; at; at = hypernyms_[*at]) {
    if (*at == other) return true;
  }
  return false;
}

double LabelTree::information(size_t label) const {
  if (leaves_[label] == 1) return 1.0;
  return 1.0 - std::log(static_cast<double>(leaves_[label])) / std::log(static_cast<double>(all_leaves_));
}

}  // namespace kiloword
