#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// The request line for the scores of `texts`, including its line end; see ScorerProcess.
std::string scorer_request(const std::string& path, const std::vector<std::string>& texts);

/// The scores in the answer `line`: `count` finite numbers. Throws Error(kModel), without a place, for
/// anything else.
std::vector<double> parse_scorer_answer(std::string_view line, size_t count);

}  // namespace kiloword
