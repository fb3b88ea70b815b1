#include "text/added_pieces.h"

#include <algorithm>
#include <utility>

namespace kiloword {

void AddedPieces::add(std::string piece, int32_t id) {
  std::vector<Piece>& pieces = by_first_byte_[static_cast<uint8_t>(piece.front())];
  const auto shorter = std::find_if(pieces.begin(), pieces.end(), [&piece](const Piece& other) {
    return other.text.size() < piece.size();
  });
  pieces.insert(shorter, {std::move(piece), id});
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
    if (at > begin) parts.push_back({text.substr(begin, at - begin), -1});
    parts.push_back({text.substr(at, piece->text.size()), piece->id});
    at += piece->text.size();
    begin = at;
  }
  if (begin < text.size()) parts.push_back({text.substr(begin), -1});
  return parts;
}

}  // namespace kiloword
