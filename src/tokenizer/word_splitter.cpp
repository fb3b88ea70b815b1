#include "tokenizer/word_splitter.h"

#include <array>
#include <cstddef>
#include <string>

#include "kiloword/base/utf8.h"
#include "tokenizer/character_classes.h"

namespace kiloword {
namespace {

constexpr std::array<std::string_view, 7> kContractions = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
constexpr std::array<std::string_view, 2> kClipSpecials = {"<|startoftext|>", "<|endoftext|>"};

enum class CharacterClass { kLetter, kNumber, kSpace, kOther };

CharacterClass character_class(char32_t c) {
  if (is_letter(c)) return CharacterClass::kLetter;
  if (is_number(c)) return CharacterClass::kNumber;
  return is_white_space(c) ? CharacterClass::kSpace : CharacterClass::kOther;
}

/// CLIP's pattern ignores case, and U+0345 is a case variant of the letter iota, but no letter: neither a
/// class nor its complement matches it, so it is passed over like a space (Python's `regex` 2022.10.31).
CharacterClass clip_class(char32_t c) {
  return c == 0x345 ? CharacterClass::kSpace : character_class(c);
}

template <typename Classify>
size_t end_of_run(std::string_view text, size_t start, CharacterClass wanted, Classify classify) {
  while (start < text.size()) {
    const DecodedCodePoint c = decode_utf8(text, start);
    if (classify(c.code_point) != wanted) break;
    start += c.length;
  }
  return start;
}

/// Length of the first of `literals` that `text` starts with, or 0.
template <size_t N>
size_t match_any(std::string_view text, const std::array<std::string_view, N>& literals) {
  for (const std::string_view literal : literals) {
    if (text.substr(0, literal.size()) == literal) return literal.size();
  }
  return 0;
}

/// Length of the prefix of `text` that equals the lower-case `literal` ignoring case, or 0. Beyond ASCII only
/// the long s is a case variant of a letter that literals have.
size_t match_ignoring_case(std::string_view text, std::string_view literal) {
  constexpr std::string_view kLongS = "\u017F";
  size_t at = 0;
  for (const char wanted : literal) {
    const bool is_letter = wanted >= 'a' && wanted <= 'z';
    if (at < text.size() && (text[at] == wanted || (is_letter && text[at] == wanted - 'a' + 'A'))) {
      ++at;
    } else if (wanted == 's' && text.substr(at, kLongS.size()) == kLongS) {
      at += kLongS.size();
    } else {
      return 0;
    }
  }
  return at;
}

template <size_t N>
size_t match_any_ignoring_case(std::string_view text, const std::array<std::string_view, N>& literals) {
  for (const std::string_view literal : literals) {
    if (const size_t length = match_ignoring_case(text, literal); length > 0) return length;
  }
  return 0;
}

/// End of the run of white space at `start`; without its last character where a word follows
/// (`\s+(?!\S)|\s+`).
size_t end_of_gpt2_space(std::string_view text, size_t start) {
  size_t last = start;
  size_t end = start;
  while (end < text.size()) {
    const DecodedCodePoint c = decode_utf8(text, end);
    if (!is_white_space(c.code_point)) break;
    last = end;
    end += c.length;
  }
  return end == text.size() || last == start ? end : last;
}

size_t end_of_gpt2_word(std::string_view text, size_t start) {
  if (const size_t length = match_any(text.substr(start), kContractions); length > 0) return start + length;
  const size_t body = text[start] == ' ' ? start + 1 : start;
  if (body == text.size()) return body;
  const CharacterClass kind = character_class(decode_utf8(text, body).code_point);
  if (kind == CharacterClass::kSpace) return end_of_gpt2_space(text, start);
  return end_of_run(text, body, kind, character_class);
}

bool is_line_break(char32_t c) {
  return c == '\r' || c == '\n';
}

size_t end_of_line_breaks(std::string_view text, size_t start) {
  while (start < text.size() && is_line_break(static_cast<unsigned char>(text[start]))) ++start;
  return start;
}

/// `\s*[\r\n]+|\s+(?!\S)|\s+` at white space.
size_t end_of_llama3_space(std::string_view text, size_t start) {
  const size_t end = end_of_run(text, start, CharacterClass::kSpace, character_class);
  const size_t line_break = text.substr(0, end).find_last_of("\r\n");
  return line_break != std::string_view::npos && line_break >= start ? line_break + 1
                                                                     : end_of_gpt2_space(text, start);
}

size_t end_of_digits(std::string_view text, size_t start, int digits) {
  for (int i = 0; i < digits && start < text.size(); ++i) {
    const DecodedCodePoint c = decode_utf8(text, start);
    if (character_class(c.code_point) != CharacterClass::kNumber) break;
    start += c.length;
  }
  return start;
}

/// Length of the contraction that `text` starts with, in either case, or 0.
size_t match_contraction(std::string_view text) {
  std::string lower(
      text.substr(0, 4));  // the longest has 4 bytes: an apostrophe, a letter and a letter, or a long s
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return match_any_ignoring_case(std::string_view(lower), kContractions);
}

size_t end_of_llama3_word(std::string_view text, size_t start, int digits) {
  if (const size_t length = text[start] == '\'' ? match_contraction(text.substr(start)) : 0; length > 0)
    return start + length;
  const DecodedCodePoint first = decode_utf8(text, start);
  const CharacterClass kind = character_class(first.code_point);
  if (kind == CharacterClass::kLetter) return end_of_run(text, start, kind, character_class);
  if (kind == CharacterClass::kNumber) return end_of_digits(text, start, digits);
  const size_t second = start + first.length;
  const CharacterClass next =
      second < text.size() ? character_class(decode_utf8(text, second).code_point) : CharacterClass::kSpace;
  if (next == CharacterClass::kLetter && !is_line_break(first.code_point))
    return end_of_run(text, second, next, character_class);
  if (kind == CharacterClass::kOther || (text[start] == ' ' && next == CharacterClass::kOther)) {
    const size_t begin = kind == CharacterClass::kOther ? start : second;
    return end_of_line_breaks(text, end_of_run(text, begin, CharacterClass::kOther, character_class));
  }
  return end_of_llama3_space(text, start);
}

/// `classify`: clip_class where the pattern ignores case, else character_class.
template <typename Classify>
size_t end_of_clip_word(std::string_view text, size_t start, bool ignore_case, Classify classify) {
  const std::string_view rest = text.substr(start);
  size_t length = 0;
  if (rest[0] == '<' && ignore_case) length = match_any_ignoring_case(rest, kClipSpecials);
  if (rest[0] == '\'')
    length = ignore_case ? match_any_ignoring_case(rest, kContractions) : match_any(rest, kContractions);
  if (length > 0) return start + length;
  const DecodedCodePoint first = decode_utf8(text, start);
  const CharacterClass kind = classify(first.code_point);
  if (kind == CharacterClass::kNumber) return start + first.length;
  return end_of_run(text, start, kind, classify);
}

template <typename Classify>
std::vector<std::string_view> split_clip(std::string_view text, bool ignore_case, Classify classify) {
  std::vector<std::string_view> words;
  for (size_t start = 0; start < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, start);
    if (classify(c.code_point) == CharacterClass::kSpace) {
      start += c.length;
      continue;
    }
    const size_t end = end_of_clip_word(text, start, ignore_case, classify);
    words.push_back(text.substr(start, end - start));
    start = end;
  }
  return words;
}

}  // namespace

std::vector<std::string_view> split_gpt2_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t start = 0; start < text.size();) {
    const size_t end = end_of_gpt2_word(text, start);
    words.push_back(text.substr(start, end - start));
    start = end;
  }
  return words;
}

std::vector<std::string_view> split_gpt2_words_and_digits(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t start = 0; start < text.size();) {
    size_t end = start;
    while (end < text.size()) {
      const DecodedCodePoint c = decode_utf8(text, end);
      if (is_number(c.code_point)) break;
      end += c.length;
    }
    const std::vector<std::string_view> between = split_gpt2_words(text.substr(start, end - start));
    words.insert(words.end(), between.begin(), between.end());
    if (end == text.size()) break;
    const size_t length = decode_utf8(text, end).length;
    words.push_back(text.substr(end, length));
    start = end + length;
  }
  return words;
}

std::vector<std::string_view> split_llama3_words(std::string_view text, int digits) {
  std::vector<std::string_view> words;
  for (size_t start = 0; start < text.size();) {
    const size_t end = end_of_llama3_word(text, start, digits);
    words.push_back(text.substr(start, end - start));
    start = end;
  }
  return words;
}

std::vector<std::string_view> split_clip_words(std::string_view text, bool ignore_case) {
  return ignore_case ? split_clip(text, ignore_case, clip_class)
                     : split_clip(text, ignore_case, character_class);
}

}  // namespace kiloword
