#include "cli/input/describe_options.h"

#include <string>
#include <utility>

#include "kiloword/guided/output_rules.h"

namespace kiloword::cli {

DescribeOptions describe_options(const DescribeChoices& choices) {
  DescribeOptions options;
  options.search = choices.search;
  options.rules = choices.rules;
  for (const std::string& file : choices.avoid_files) {
    for (std::string& phrase : read_avoid_file(file)) options.rules.avoided.push_back(std::move(phrase));
  }
  const OutputRules checked(options.rules);  // before models are loaded
  options.scorer = choices.scorer;
  options.scorer_weight = choices.scorer_weight;
  options.scorer_timeout_s = choices.scorer_timeout_s;
  return options;
}

}  // namespace kiloword::cli
