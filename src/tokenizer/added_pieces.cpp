#include "tokenizer/added_pieces.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/utf8.h"
#include "tokenizer/character_classes.h"

namespace kiloword {

namespace {

/// `\w`.
bool is_word_character(char32_t c) {
  return c == '_' || is_letter(c) || is_number(c) || is_mark(c);
}

bool ends_in_word(std::string_view text) {
  return !text.empty() && is_word_character(decode_utf8(text, last_code_point(text)).code_point);
}

bool starts_in_word(std::string_view text) {
  return !text.empty() && is_word_character(decode_utf8(text, 0).code_point);
}

}  // namespace

void AddedPieces::add(std::string piece, int32_t id, Reach reach) {
  std::vector<Piece>& pieces = by_first_byte_[static_cast<uint8_t>(piece.front())];
  const auto shorter = std::find_if(pieces.begin(), pieces.end(), [&piece](const Piece& other) {
    return other.text.size() < piece.size();
  });
  pieces.insert(shorter, {std::move(piece), id, reach});
}

const AddedPieces::Piece* AddedPieces::longest_at(std::string_view text) const {
  const std::vector<Piece>& pieces = by_first_byte_[static_cast<uint8_t>(text.front())];
  const auto found = std::find_if(pieces.begin(), pieces.end(), [text](const Piece& piece) {
    return text.substr(0, piece.text.size()) == piece.text;
  });
  return found == pieces.end() ? nullptr : &*found;
}

std::vector<AddedPieces::Part> AddedPieces::split(std::string_view text) const {
  std::vector<Part> parts;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const Piece* piece = longest_at(text.substr(at));
    if (piece == nullptr) {
      ++at;
      continue;
    }
    const std::string_view before = text.substr(begin, at - begin);
    const std::string_view found = text.substr(at, piece->text.size());
    at += found.size();
    const std::string_view behind = text.substr(at);
    if (piece->reach.single_word &&
        (ends_in_word(text.substr(0, at - found.size())) || starts_in_word(behind))) {
      continue;
    }
    const std::string_view kept = piece->reach.takes_left ? without_space_behind(before) : before;
    if (!kept.empty()) parts.push_back({kept, -1});
    parts.push_back({found, piece->id});
    if (piece->reach.takes_right) at += behind.size() - without_space_before(behind).size();
    begin = at;
  }
  if (begin < text.size()) parts.push_back({text.substr(begin), -1});
  return parts;
}

}  // namespace kiloword
