#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// The line, with its end, that asks a scorer program for the scores of `texts`; see ScorerProcess.
std::string scorer_request(const std::string& path, const std::vector<std::string>& texts);

/// The scores of the answer `line`, `count` finite numbers. Throws Error(kModel), without a place, for
/// anything else.
std::vector<double> parse_scorer_answer(std::string_view line, size_t count);

}  // namespace kiloword
