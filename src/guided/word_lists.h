#pragma once

#include <string_view>
#include <vector>

namespace kiloword {

// English words by the evidence that they require, folded and sorted.
const std::vector<std::string_view>& function_words();
/// The function words that a plain sentence needs: without spatial relations and negations, for which images
/// give no evidence.
const std::vector<std::string_view>& plain_function_words();
/// Countable nouns in the singular, which need an article.
const std::vector<std::string_view>& countable_nouns();
/// Nouns that follow neither "a" nor a number.
const std::vector<std::string_view>& uncountable_words();
/// Adverbs of place: "a man outdoors".
const std::vector<std::string_view>& adverbs_of_place();
/// Adjectives, which a noun follows.
const std::vector<std::string_view>& adjectives();
/// Words for people.
const std::vector<std::string_view>& people_words();
/// Words that judge people or their possessions.
const std::vector<std::string_view>& judging_words();
/// Words with little information about an image.
const std::vector<std::string_view>& vague_words();
/// Colours that also describe people's skin.
const std::vector<std::string_view>& skin_colours();

}  // namespace kiloword
