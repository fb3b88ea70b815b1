#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "text/bpe_vocabulary_parser.h"

namespace kiloword {
namespace {

using nlohmann::json;

constexpr const char* kRemedy = "download the tokenizer files again";
constexpr int kMaxDepth = 32;

/// The parts of a tokenizer.json that are needed: "model" and "added_tokens".
json parse_needed(const VocabularyFile& file) {
  bool too_deep = false;
  bool in_needed = false;
  json parsed = json::parse(
      file.text,
      [&](int depth, json::parse_event_t event, json& value) {
        too_deep = too_deep || depth > kMaxDepth;
        if (depth == 1 && event == json::parse_event_t::key)
          in_needed = value == "model" || value == "added_tokens";
        return !too_deep && (depth == 0 || in_needed);
      },
      /*allow_exceptions=*/false);
  if (too_deep || !parsed.is_object())
    throw Error(ErrorKind::kModel, "not a JSON object of a tokenizer", file.path, kRemedy);
  return parsed;
}

class TokenizerJson {
 public:
  TokenizerJson(json parsed, std::string path) : parsed_(std::move(parsed)), path_(std::move(path)) {}

  void check_kind() const {
    const json model = parsed_.value("model", json());
    if (!model.is_object()) fail("has no model");
    const bool byte_level =
        model.value("type", json("BPE")) == "BPE" && model.value("byte_fallback", json(false)) == false;
    if (byte_level) return;
    throw Error(ErrorKind::kModel, "tokenizer.json holds a SentencePiece vocabulary", path_,
                "put the model's tokenizer.model or spiece.model beside it");
  }

  std::vector<std::pair<std::string, uint64_t>> entries() const {
    std::vector<std::pair<std::string, uint64_t>> entries;
    const json& vocab = member("vocab");
    if (!vocab.is_object()) fail("has a vocabulary that is not an object of pieces and ids");
    for (const auto& [piece, id] : vocab.items()) {
      if (!id.is_number_unsigned())
        fail("has the piece " + quoted_piece(piece) + " whose id is no whole number");
      entries.emplace_back(piece, id.get<uint64_t>());
    }
    const auto added = parsed_.find("added_tokens");
    if (added == parsed_.end()) return entries;
    for (const json& token : *added) {
      const bool usable = token.is_object() && token.value("content", json()).is_string() &&
                          token.value("id", json()).is_number_unsigned();
      if (!usable) fail("has an added token without content or id");
      const auto content = token["content"].get<std::string>();
      if (!vocab.contains(content)) entries.emplace_back(content, token["id"].get<uint64_t>());
    }
    return entries;
  }

  /// Pairs of pieces, each as "left right" or as [left, right].
  std::vector<BpePieces::Merge> merges() const {
    const json& list = member("merges");
    if (!list.is_array()) fail("has merges that are no list");
    std::vector<BpePieces::Merge> merges;
    for (const json& merge : list) {
      const size_t number = merges.size() + 1;
      if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        merges.push_back({merge[0].get<std::string>(), merge[1].get<std::string>(), number});
        continue;
      }
      const std::string text = merge.is_string() ? merge.get<std::string>() : "";
      const size_t space = text.find(' ');
      if (space == std::string::npos || space == 0 || space + 1 == text.size() ||
          text.find(' ', space + 1) != std::string::npos) {
        fail("has merge " + std::to_string(number) + ", which is not two pieces");
      }
      merges.push_back({text.substr(0, space), text.substr(space + 1), number});
    }
    return merges;
  }

 private:
  const json& member(const char* key) const {
    const json& model = parsed_.at("model");
    const auto found = model.find(key);
    if (found == model.end()) fail(std::string("has no ") + key);
    return *found;
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::kModel, "tokenizer.json " + what, path_, kRemedy);
  }

  json parsed_;
  std::string path_;
};

}  // namespace

BpeVocabulary parse_tokenizer_json(const VocabularyFile& file) {
  const TokenizerJson tokenizer(parse_needed(file), file.path);
  tokenizer.check_kind();
  BpePieces source;
  source.pieces_path = source.merges_path = file.path;
  source.pieces = pieces_by_id(tokenizer.entries(), file.path);
  source.merges = tokenizer.merges();
  const BpeFlavour flavour = flavour_of(source.pieces);
  return {std::move(source), flavour};
}

}  // namespace kiloword
