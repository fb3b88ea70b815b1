#include "tokenizer/unigram_json.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "kiloword/base/base64.h"
#include "kiloword/base/error.h"
#include "tokenizer/added_tokens.h"
#include "tokenizer/sentencepiece_tokenizer.h"
#include "tokenizer/unigram_tokenizer.h"

namespace kiloword {
namespace {

using nlohmann::json;

// Field numbers and values of sentencepiece_model.proto.
constexpr uint32_t kModelPieces = 1;
constexpr uint32_t kModelTrainer = 2;
constexpr uint32_t kModelNormalizer = 3;
constexpr uint32_t kPieceText = 1;
constexpr uint32_t kPieceScore = 2;
constexpr uint32_t kPieceType = 3;
constexpr uint32_t kTrainerModelType = 3;
constexpr uint64_t kUnigram = 1;
constexpr uint32_t kTrainerByteFallback = 35;
constexpr uint32_t kTrainerUnknownPiece = 45;
constexpr uint32_t kNormalizerCharacterMap = 2;
constexpr uint32_t kNormalizerDummyPrefix = 3;
constexpr uint32_t kNormalizerRemoveSpaces = 4;
enum PieceType : uint64_t { kNormal = 1, kUnknown = 2, kControl = 3, kUserDefined = 4, kByte = 6 };

constexpr size_t kMaxPieces = 4'000'000;

/// Writes a protobuf message, field by field.
class ProtobufWriter {
 public:
  void number(uint32_t field, uint64_t value) {
    varint(field << 3U);
    varint(value);
  }
  void text(uint32_t field, std::string_view value) {
    constexpr uint32_t kBytes = 2;
    varint((field << 3U) | kBytes);
    varint(value.size());
    message_ += value;
  }
  void real(uint32_t field, float value) {
    constexpr uint32_t kFixed32 = 5;
    varint((field << 3U) | kFixed32);
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    for (int byte = 0; byte < 4; ++byte) message_ += static_cast<char>((bits >> (8 * byte)) & 0xFFU);
  }
  const std::string& message() const { return message_; }

 private:
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7U) message_ += static_cast<char>(value | 0x80U);
    message_ += static_cast<char>(value);
  }

  std::string message_;
};

std::string type_of(const json& rule) {
  if (!rule.is_object()) return "";
  const auto found = rule.find("type");
  return found != rule.end() && found->is_string() ? found->get<std::string>() : "";
}

class UnigramJson {
 public:
  UnigramJson(TokenizerJsonParts parts, std::string path)
      : parsed_(std::move(parts.parsed)), pieces_(std::move(parts.pieces)), path_(std::move(path)) {
    read_pieces();
    read_normalizer(member(parsed_, "normalizer"));
    read_splitter(member(parsed_, "pre_tokenizer"));
  }

  /// Whether texts become words of pieces as UnigramTokenizer has it.
  bool splits_words() const {
    return splits_at_space_ && marks_spaces_ && begins_with_space_ && !has_byte_fallback() &&
           std::find(types_.begin(), types_.end(), kUserDefined) == types_.end();
  }

  UnigramVocabulary vocabulary() {
    UnigramVocabulary vocabulary;
    for (size_t id = 0; id < pieces_.size(); ++id) {
      if (types_[id] != kControl) continue;
      const auto mark = static_cast<int32_t>(id);
      vocabulary.marks.push_back(mark);
      if (pieces_[id].text == "<s>") vocabulary.start_id = mark;
      if (pieces_[id].text == "</s>") vocabulary.end_id = mark;
    }
    vocabulary.pieces = std::move(pieces_);
    vocabulary.unknown_id = static_cast<int32_t>(unknown_);
    vocabulary.character_map = character_map_;
    vocabulary.strips_end = strips_end_;
    vocabulary.gap = gap_;
    return vocabulary;
  }

  std::string model_proto() const {
    ProtobufWriter model;
    for (size_t id = 0; id < pieces_.size(); ++id) write_piece(model, pieces_[id], types_[id]);
    ProtobufWriter trainer;
    trainer.number(kTrainerModelType, kUnigram);
    trainer.number(kTrainerByteFallback, has_byte_fallback() ? 1 : 0);
    trainer.text(kTrainerUnknownPiece, pieces_[unknown_].text);
    model.text(kModelTrainer, trainer.message());
    ProtobufWriter normalizer;
    if (!character_map_.empty()) normalizer.text(kNormalizerCharacterMap, character_map_);
    normalizer.number(kNormalizerDummyPrefix, begins_with_space_ ? 1 : 0);
    normalizer.number(kNormalizerRemoveSpaces, !gap_.empty() || splits_at_space_ ? 1 : 0);
    model.text(kModelNormalizer, normalizer.message());
    return model.message();
  }

 private:
  static const json& member(const json& object, const char* key) {
    static const json kNull;
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
  }

  bool has_byte_fallback() const { return member(parsed_.at("model"), "byte_fallback") == true; }

  /// Pieces and their types in the order of their ids, the vocabulary's first.
  void read_pieces() {
    const json& unknown = member(parsed_.at("model"), "unk_id");
    if (pieces_.empty() || pieces_.size() > kMaxPieces) fail("has a vocabulary that is no list");
    if (!unknown.is_number_unsigned() || unknown.get<uint64_t>() >= pieces_.size()) fail("has no unk_id");
    unknown_ = unknown.get<size_t>();
    std::map<size_t, AddedToken> added;
    for (const json& entry : member(parsed_, "added_tokens")) {
      AddedToken token = read_added_token(entry);
      if (token.content.empty() || token.id < 0 || static_cast<size_t>(token.id) > kMaxPieces)
        fail("has an added token without content or id");
      added[static_cast<size_t>(token.id)] = std::move(token);
    }
    const bool has_bytes = has_byte_fallback();
    for (const ScoredPiece& piece : pieces_) {
      const bool is_byte = has_bytes && piece.text.size() == 6 && piece.text.compare(0, 3, "<0x") == 0;
      types_.push_back(is_byte ? kByte : kNormal);
    }
    for (auto& [id, token] : added) {
      if (id > pieces_.size()) fail("has added tokens with a gap before the id " + std::to_string(id));
      if (id == pieces_.size()) {
        pieces_.push_back({token.content, 0});
        types_.push_back(kNormal);
      }
      types_[id] = token.special ? kControl : kUserDefined;
    }
    types_[unknown_] = kUnknown;
  }

  static void write_piece(ProtobufWriter& model, const ScoredPiece& piece, PieceType type) {
    ProtobufWriter message;
    message.text(kPieceText, piece.text);
    message.real(kPieceScore, static_cast<float>(piece.score));
    message.number(kPieceType, type);
    model.text(kModelPieces, message.message());
  }

  void read_normalizer(const json& rule) {
    if (rule.is_null()) return;
    const std::string type = type_of(rule);
    if (type == "Sequence") {
      for (const json& part : member(rule, "normalizers")) read_normalizer(part);
    } else if (type == "Precompiled") {
      const json& map = member(rule, "precompiled_charsmap");
      if (map.is_null()) return;
      const auto bytes = map.is_string() ? decode_base64(map.get<std::string>()) : std::nullopt;
      if (!bytes) fail("has a character map that is not in base 64");
      character_map_ = *bytes;
    } else if (type == "Replace") {
      // Several spaces become one: " {2,}" to " " or to the mark of a space.
      const json& pattern = member(rule, "pattern");
      if (!pattern.is_object() || member(pattern, "Regex") != " {2,}") refuse(type);
      const json& content = member(rule, "content");
      if (content.is_string()) gap_ = content.get<std::string>();
      if (gap_.empty()) gap_ = " ";
    } else if (type == "Strip") {
      strips_end_ = member(rule, "strip_right") != false;
    } else {
      refuse(type);
    }
  }

  void read_splitter(const json& rule) {
    const std::string type = type_of(rule);
    if (type == "Sequence") {
      for (const json& part : member(rule, "pretokenizers")) read_splitter(part);
    } else if (type == "WhitespaceSplit") {
      splits_at_space_ = true;
    } else if (type == "Metaspace") {
      marks_spaces_ = true;
      const json& scheme = member(rule, "prepend_scheme");
      begins_with_space_ = scheme.is_string() ? scheme != "never" : member(rule, "add_prefix_space") != false;
    } else {
      refuse(type);
    }
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::kModel, "tokenizer.json " + what, path_, "download the tokenizer files again");
  }
  [[noreturn]] void refuse(const std::string& type) const {
    throw Error(ErrorKind::kModel, "tokenizer.json treats texts in a way that is not supported: " + type,
                path_, "put the model's tokenizer.model or spiece.model beside it");
  }

  json parsed_;
  std::vector<ScoredPiece> pieces_;
  std::vector<PieceType> types_;
  std::string path_;
  size_t unknown_ = 0;
  std::string character_map_;
  bool begins_with_space_ = false;
  bool splits_at_space_ = false;
  bool marks_spaces_ = false;
  bool strips_end_ = false;
  std::string gap_;  // what several spaces become; empty: they stay
};

}  // namespace

std::unique_ptr<Tokenizer> parse_unigram_json(TokenizerJsonParts parts, const std::string& path) {
  UnigramJson unigram(std::move(parts), path);
  if (unigram.splits_words()) return std::make_unique<UnigramTokenizer>(unigram.vocabulary(), path);
  return std::make_unique<SentencePieceTokenizer>(unigram.model_proto(), path);
}

}  // namespace kiloword
