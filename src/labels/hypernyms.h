#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kiloword/labels/label_set.h"
#include "labels/scanner.h"

namespace kiloword {

/// Label number `label` is a kind of the label called `hypernym`.
struct KindOf {
  size_t label = 0;
  std::string hypernym;
};

/// Sets `hypernym` of `labels` by the names in `kinds`, in linear time. Reports unknown names, cycles, more
/// than kMaxHypernyms above a label, and labels with neither a text nor kinds. Reported links are not set, so
/// the result is always a forest.
void link_hypernyms(std::vector<Label>& labels, const std::vector<KindOf>& kinds, const ScanReport& report);

}  // namespace kiloword
