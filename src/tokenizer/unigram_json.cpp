#include "tokenizer/unigram_json.h"

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "kiloword/base/base64.h"
#include "kiloword/base/error.h"
#include "tokenizer/added_tokens.h"

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
  UnigramJson(const json& parsed, std::string path) : parsed_(parsed), path_(std::move(path)) {}

  std::string model_proto() {
    ProtobufWriter model;
    const std::vector<std::string> names = write_pieces(model);
    ProtobufWriter trainer;
    trainer.number(kTrainerModelType, kUnigram);
    trainer.number(kTrainerByteFallback, has_byte_fallback() ? 1 : 0);
    trainer.text(kTrainerUnknownPiece, names.at(unknown_));
    model.text(kModelTrainer, trainer.message());
    read_normalizer(member(parsed_, "normalizer"));
    read_splitter(member(parsed_, "pre_tokenizer"));
    ProtobufWriter normalizer;
    if (!character_map_.empty()) normalizer.text(kNormalizerCharacterMap, character_map_);
    normalizer.number(kNormalizerDummyPrefix, begins_with_space_ ? 1 : 0);
    normalizer.number(kNormalizerRemoveSpaces, removes_spaces_ ? 1 : 0);
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

  /// Pieces in the order of their ids, the vocabulary's first.
  std::vector<std::string> write_pieces(ProtobufWriter& model) {
    const json& vocab = member(parsed_.at("model"), "vocab");
    const json& unknown = member(parsed_.at("model"), "unk_id");
    if (!vocab.is_array() || vocab.empty() || vocab.size() > kMaxPieces)
      fail("has a vocabulary that is no list");
    if (!unknown.is_number_unsigned() || unknown.get<uint64_t>() >= vocab.size()) fail("has no unk_id");
    unknown_ = unknown.get<size_t>();
    std::map<size_t, AddedToken> added;
    for (const json& entry : member(parsed_, "added_tokens")) {
      AddedToken token = read_added_token(entry);
      if (token.content.empty() || token.id < 0 || static_cast<size_t>(token.id) > kMaxPieces)
        fail("has an added token without content or id");
      added[static_cast<size_t>(token.id)] = std::move(token);
    }
    std::vector<std::string> names;
    for (const json& entry : vocab) {
      if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number())
        fail("has a piece that is not a text with a score");
      const auto found = added.find(names.size());
      write_piece(model, names, entry[0].get<std::string>(), entry[1].get<float>(),
                  found == added.end() ? nullptr : &found->second);
    }
    for (auto next = added.lower_bound(names.size()); next != added.end(); ++next) {
      if (next->first != names.size())
        fail("has added tokens with a gap before the id " + std::to_string(next->first));
      write_piece(model, names, next->second.content, 0.0F, &next->second);
    }
    return names;
  }

  void write_piece(ProtobufWriter& model, std::vector<std::string>& names, const std::string& text,
                   float score, const AddedToken* added) {
    uint64_t type = kNormal;
    const bool is_byte = has_byte_fallback() && text.size() == 6 && text.compare(0, 3, "<0x") == 0;
    if (names.size() == unknown_) {
      type = kUnknown;
    } else if (added != nullptr) {
      type = added->special ? kControl : kUserDefined;
    } else if (is_byte) {
      type = kByte;
    }
    ProtobufWriter piece;
    piece.text(kPieceText, text);
    piece.real(kPieceScore, score);
    piece.number(kPieceType, type);
    model.text(kModelPieces, piece.message());
    names.push_back(text);
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
      removes_spaces_ = true;
    } else if (type != "Strip") {
      refuse(type);
    }
  }

  void read_splitter(const json& rule) {
    const std::string type = type_of(rule);
    if (type == "Sequence") {
      for (const json& part : member(rule, "pretokenizers")) read_splitter(part);
    } else if (type == "WhitespaceSplit") {
      removes_spaces_ = true;
    } else if (type == "Metaspace") {
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

  const json& parsed_;
  std::string path_;
  size_t unknown_ = 0;
  std::string character_map_;
  bool begins_with_space_ = false;
  bool removes_spaces_ = false;
};

}  // namespace

std::string unigram_model_proto(const json& parsed, const std::string& path) {
  return UnigramJson(parsed, path).model_proto();
}

}  // namespace kiloword
