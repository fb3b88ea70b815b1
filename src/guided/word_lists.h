#pragma once

#include <string_view>
#include <vector>

namespace kiloword {

// English words by what they ask of an image, folded and sorted.
const std::vector<std::string_view>& function_words();
/// Those of them that a plain sentence needs: not those that say where things stand to each other, or that
/// something is not there, which nothing known of the image supports.
const std::vector<std::string_view>& plain_function_words();
/// Nouns that are counted, in the singular: they need an article.
const std::vector<std::string_view>& countable_nouns();
/// Nouns that have neither "a" nor a number before them.
const std::vector<std::string_view>& uncountable_words();
/// What stands alone: "a man outdoors".
const std::vector<std::string_view>& adverbs_of_place();
/// Adjectives: a noun follows them.
const std::vector<std::string_view>& adjectives();
/// Words that speak of people.
const std::vector<std::string_view>& people_words();
/// Words that judge people or what they own.
const std::vector<std::string_view>& judging_words();
/// Words that say little of an image.
const std::vector<std::string_view>& vague_words();
/// Colours that are also said of people's skin.
const std::vector<std::string_view>& skin_colours();

}  // namespace kiloword
