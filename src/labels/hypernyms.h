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

/// Sets `hypernym` of `labels` by the names in `kinds`. Reports, in linear time, a name that no label has, a
/// circle, more than kMaxHypernyms above a label, and a label with neither a text nor kinds; what is reported
/// is left unset, so that the result is always a forest.
void link_hypernyms(std::vector<Label>& labels, const std::vector<KindOf>& kinds, const ScanReport& report);

}  // namespace kiloword
