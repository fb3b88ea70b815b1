#include "tokenizer/unigram_json.h"

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "kiloword/base/base64.h"
#include "kiloword/base/error.h"
#include "tokenizer/added_tokens.h"
#include "tokenizer/unigram_tokenizer.h"

namespace kiloword {
namespace {

using nlohmann::json;

constexpr size_t kMaxPieces = 4'000'000;

std::string type_of(const json& rule) {
  if (!rule.is_object()) return "";
  const auto found = rule.find("type");
  return found != rule.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Reads the rules of a Unigram tokenizer.json.
class UnigramJson {
 public:
  UnigramJson(TokenizerJsonParts parts, std::string path)
      : parsed_(std::move(parts.parsed)), path_(std::move(path)) {
    vocabulary_.pieces = std::move(parts.pieces);
    vocabulary_.splits_at_space = false;
    read_pieces();
    read_normalizer(member(parsed_, "normalizer"));
    read_splitter(member(parsed_, "pre_tokenizer"));
    if (!marks_spaces_) refuse("words without a mark of their space");
  }

  UnigramVocabulary vocabulary() { return std::move(vocabulary_); }

 private:
  static const json& member(const json& object, const char* key) {
    static const json kNull;
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
  }

  void read_pieces() {
    std::vector<ScoredPiece>& pieces = vocabulary_.pieces;
    const json& unknown = member(parsed_.at("model"), "unk_id");
    if (pieces.empty() || pieces.size() > kMaxPieces) fail("has a vocabulary that is not a list");
    if (!unknown.is_number_unsigned() || unknown.get<uint64_t>() >= pieces.size()) fail("has no unk_id");
    vocabulary_.unknown_id = unknown.get<int32_t>();
    vocabulary_.byte_fallback = member(parsed_.at("model"), "byte_fallback") == true;
    std::map<size_t, AddedToken> added;
    for (const json& entry : member(parsed_, "added_tokens")) {
      AddedToken token = read_added_token(entry);
      if (token.content.empty() || token.id < 0 || static_cast<size_t>(token.id) > kMaxPieces)
        fail("has an added token without content or id");
      added[static_cast<size_t>(token.id)] = std::move(token);
    }
    for (auto& [id, token] : added) {
      if (id > pieces.size()) fail("has added tokens with a gap before the id " + std::to_string(id));
      if (id == pieces.size()) pieces.push_back({token.content, 0});
      read_token(static_cast<int32_t>(id), std::move(token));
    }
  }

  /// Special tokens are no part of texts.
  void read_token(int32_t id, AddedToken token) {
    vocabulary_.marks.push_back(id);
    const std::string& text = vocabulary_.pieces[static_cast<size_t>(id)].text;
    if (!token.special) {
      vocabulary_.added.push_back(std::move(token));
    } else if (text == "<s>") {
      vocabulary_.start_id = id;
    } else if (text == "</s>") {
      vocabulary_.end_id = id;
    }
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
      vocabulary_.character_map = *bytes;
    } else if (type == "Replace") {
      // Several spaces become one: " {2,}" to " " or to the mark of a space.
      const json& pattern = member(rule, "pattern");
      if (!pattern.is_object() || member(pattern, "Regex") != " {2,}") refuse(type);
      const json& content = member(rule, "content");
      if (content.is_string()) vocabulary_.gap = content.get<std::string>();
      if (vocabulary_.gap.empty()) vocabulary_.gap = " ";
    } else if (type == "Strip") {
      vocabulary_.strips_start = member(rule, "strip_left") != false;
      vocabulary_.strips_end = member(rule, "strip_right") != false;
    } else {
      refuse(type);
    }
  }

  void read_splitter(const json& rule) {
    const std::string type = type_of(rule);
    if (type == "Sequence") {
      for (const json& part : member(rule, "pretokenizers")) read_splitter(part);
    } else if (type == "WhitespaceSplit") {
      vocabulary_.splits_at_space = true;
    } else if (type == "Metaspace") {
      read_metaspace(rule);
    } else {
      refuse(type);
    }
  }

  void read_metaspace(const json& rule) {
    marks_spaces_ = true;
    const json& mark = member(rule, "replacement");
    if (!mark.is_null() && mark != "\u2581") refuse("Metaspace with another mark");
    if (member(rule, "split") == false) refuse("Metaspace without splitting");
    const json& scheme = member(rule, "prepend_scheme");
    if (scheme == "first") {
      vocabulary_.prefix = SpacePrefix::kFirst;
    } else if (scheme.is_string() ? scheme == "never" : member(rule, "add_prefix_space") == false) {
      vocabulary_.prefix = SpacePrefix::kNever;
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
  std::string path_;
  UnigramVocabulary vocabulary_;
  bool marks_spaces_ = false;
};

}  // namespace

std::unique_ptr<Tokenizer> parse_unigram_json(TokenizerJsonParts parts, const std::string& path) {
  return std::make_unique<UnigramTokenizer>(UnigramJson(std::move(parts), path).vocabulary(), path);
}

}  // namespace kiloword
