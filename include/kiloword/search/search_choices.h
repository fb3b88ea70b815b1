#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiloword/base/option_field.h"

namespace kiloword {

/// Which images a search finds: options of the command line and fields of requests.
struct SearchChoices {
  int top = 10;
  std::optional<double> min_cosine;
  std::vector<std::string> shown;   ///< labels that an image must show, all of them
  std::vector<std::string> labels;  ///< the sets of these labels; empty: the defaults
  std::optional<double> min_confidence;
};

const OptionTable<SearchChoices>& image_search_options();

}  // namespace kiloword
