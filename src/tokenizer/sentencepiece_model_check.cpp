#include "tokenizer/sentencepiece_model_check.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kiloword/base/utf8.h"
#include "tokenizer/character_map.h"
#include "tokenizer/protobuf_reader.h"

namespace kiloword {
namespace {

using WireType = ProtobufReader::WireType;

// Field numbers of sentencepiece_model.proto.
constexpr uint32_t kModelPieces = 1;
constexpr uint32_t kModelNormalizer = 3;
constexpr uint32_t kModelSelfTest = 4;
constexpr uint32_t kModelDenormalizer = 5;
constexpr uint32_t kPieceText = 1;
constexpr uint32_t kPieceScore = 2;
constexpr uint32_t kNormalizerCharacterMap = 2;

constexpr size_t kMaxPieceBytes = 1024;  // the BPE decoder recurses over a piece
constexpr size_t kMaxSelfTestBytes = size_t{1} << 16;

std::string find_piece_flaw(std::string_view message) {
  ProtobufReader reader(message);
  while (reader.next()) {
    if (reader.is(kPieceText, WireType::kBytes)) {
      const std::string_view text = reader.bytes();
      if (text.size() > kMaxPieceBytes) return "a piece is longer than 1024 bytes";
      if (text.find('\0') != std::string_view::npos || !is_valid_utf8(text))
        return "a piece is not text in UTF-8";
    } else if (reader.is(kPieceScore, WireType::kFixed32)) {
      if (!std::isfinite(reader.real())) return "a piece's score is not a number";
    }
  }
  return reader.malformed() ? "a piece is corrupt" : "";
}

std::string find_normalizer_flaw(std::string_view message) {
  ProtobufReader reader(message);
  while (reader.next()) {
    if (!reader.is(kNormalizerCharacterMap, WireType::kBytes) || reader.bytes().empty()) continue;
    if (!CharacterMap().read(reader.bytes())) return "its character map is corrupt";
  }
  return reader.malformed() ? "its normalizer is corrupt" : "";
}

}  // namespace

std::string find_sentencepiece_flaw(std::string_view model) {
  ProtobufReader reader(model);
  bool any_piece = false;
  while (reader.next()) {
    if (reader.type() != WireType::kBytes) continue;
    std::string flaw;
    if (reader.field() == kModelPieces) {
      any_piece = true;
      flaw = find_piece_flaw(reader.bytes());
    } else if (reader.field() == kModelNormalizer || reader.field() == kModelDenormalizer) {
      flaw = find_normalizer_flaw(reader.bytes());
    } else if (reader.field() == kModelSelfTest && reader.bytes().size() > kMaxSelfTestBytes) {
      flaw = "its self-test is longer than 65536 bytes";
    }
    if (!flaw.empty()) return flaw;
  }
  if (reader.malformed()) return "it is truncated or corrupt";
  return any_piece ? "" : "it has no pieces";
}

}  // namespace kiloword
