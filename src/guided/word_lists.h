#pragma once

#include <string_view>
#include <vector>

namespace kiloword {

// English words by what they ask of an image, folded and sorted.
const std::vector<std::string_view>& function_words();
/// Words that speak of people.
const std::vector<std::string_view>& people_words();
/// Words that judge people or what they own.
const std::vector<std::string_view>& judging_words();
/// Colours that are also said of people's skin.
const std::vector<std::string_view>& skin_colours();

}  // namespace kiloword
