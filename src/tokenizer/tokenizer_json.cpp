#include "tokenizer/tokenizer_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"
#include "tokenizer/bpe_tokenizer.h"
#include "tokenizer/fallback_bpe_tokenizer.h"
#include "tokenizer/tokenizer_json_parts.h"
#include "tokenizer/unigram_json.h"

namespace kiloword {
namespace {

using nlohmann::json;

constexpr const char* kRemedy = "download the tokenizer files again";

/// The text that `object` has as `key`; empty where there is none.
std::string text_of(const json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

constexpr std::string_view kLlama3Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kQwenPattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// Files of today have the marks of start and end before it, which are added tokens too.
constexpr std::string_view kClipPattern = R"('s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)";

/// The parts of a rule that is a sequence of others, else the rule alone; none of null.
json parts_of(const json& rule, const char* key) {
  if (rule.is_null()) return json::array();
  if (text_of(rule, "type") != "Sequence") return json::array({rule});
  const json parts = rule.value(key, json::array());
  return parts.is_array() ? parts : json::array();
}

bool flag_of(const json& rule, const char* key, bool fallback) {
  return rule.is_object() && rule.value(key, json(fallback)) == true;
}

/// Some files leave the type out: a list of pieces is Unigram's.
bool is_unigram(const TokenizerJsonParts& parts) {
  const auto model = parts.parsed.find("model");
  if (model == parts.parsed.end() || !model->is_object()) return false;
  return text_of(*model, "type") == "Unigram" || (!model->contains("type") && parts.has_piece_list);
}

/// Whether transformers reads a tokenizer of this class as tokenizer.json has it. Those of CLIP's own class
/// have CLIP's rules, whatever the file's are.
bool has_general_class(const TokenizerSettings& settings) {
  return settings.class_name == "PreTrainedTokenizerFast" || settings.class_name == "TokenizersBackend";
}

/// `settings` with the tokens of tokenizer.json before its own.
TokenizerSettings with_tokens_of_settings(std::vector<AddedToken> added, const TokenizerSettings& settings) {
  TokenizerSettings all = settings;
  for (const AddedToken& token : settings.added) {
    const bool known = std::any_of(added.begin(), added.end(), [&token](const AddedToken& other) {
      return other.content == token.content;
    });
    if (!known) added.push_back(token);
  }
  all.added = std::move(added);
  return all;
}

class TokenizerJson {
 public:
  TokenizerJson(json parsed, std::string path) : parsed_(std::move(parsed)), path_(std::move(path)) {}

  /// Whether characters that are no piece are spelled by bytes.
  bool has_fallback() const {
    const auto found = parsed_.find("model");
    if (found == parsed_.end() || !found->is_object()) fail("has no model");
    const json& model = *found;
    if (model.value("type", json("BPE")) != "BPE") {
      throw Error(
          ErrorKind::kModel,
          "tokenizer.json holds a vocabulary that is not supported: " + quoted_piece(text_of(model, "type")),
          path_, "use another model (docs/models.md lists what is supported)");
    }
    return model.value("byte_fallback", json(false)) == true;
  }

  /// What is done to texts where `has_fallback`.
  FallbackBpeRules rules() const {
    FallbackBpeRules rules;
    bool marks_spaces = false;
    read_normalizer(parsed_.value("normalizer", json()), rules, marks_spaces);
    if (!marks_spaces) refuse("does not turn spaces into \u2581");
    const json splitter = parsed_.value("pre_tokenizer", json());  // at spaces, of which none is left
    if (!splitter.is_null() && !(text_of(splitter, "type") == "Split" && pattern_of(splitter) == " ")) {
      refuse("splits texts in a way that is not supported: " + quoted_piece(text_of(splitter, "type")));
    }
    for (const json& token : parsed_.value("added_tokens", json::array())) {
      const bool special = token.value("special", json(false)) == true;
      for (const char* flag : {"single_word", "lstrip", "rstrip"}) {
        if (!special && token.value(flag, json(false)) != false)
          refuse(std::string("has an added token with ") + flag + ", which is not supported");
      }
      rules.added.push_back(
          {text_of(token, "content"), token.value("normalized", json(true)) == true, special});
    }
    return rules;
  }

  /// What is done to texts of GPT-2's flavour.
  ByteLevelRules byte_level_rules() const {
    ByteLevelRules rules;
    rules.words = word_pattern();
    rules.compose = is_composing();
    rules.whole_words = flag_of(parsed_.at("model"), "ignore_merges", false);
    for (const json& part : parts_of(parsed_.value("post_processor", json()), "processors")) {
      if (text_of(part, "type") == "TemplateProcessing") rules.start_token = start_of(part);
    }
    return rules;
  }

  /// Refuses a file of CLIP's flavour in which texts are not treated as CLIPTokenizer treats them.
  void require_clip_rules() const {
    const json changes = parts_of(parsed_.value("normalizer", json()), "normalizers");
    const bool same = changes.size() == 3 && text_of(changes[0], "type") == "NFC" &&
                      text_of(changes[1], "type") == "Replace" && regex_of(changes[1]) == R"(\s+)" &&
                      text_of(changes[1], "content") == " " && text_of(changes[2], "type") == "Lowercase";
    if (!same) refuse("changes texts in another way than CLIP's tokenizer, which is not supported");
    const json splits = parts_of(parsed_.value("pre_tokenizer", json()), "pretokenizers");
    const bool same_words =
        splits.size() == 2 && text_of(splits[0], "type") == "Split" &&
        ends_with(regex_of(splits[0]), kClipPattern) && flag_of(splits[0], "invert", false) &&
        text_of(splits[1], "type") == "ByteLevel" && !flag_of(splits[1], "add_prefix_space", false);
    if (!same_words) refuse("splits texts in another way than CLIP's tokenizer, which is not supported");
  }

  /// Checked by entries().
  std::vector<AddedToken> added() const {
    std::vector<AddedToken> added;
    for (const json& token : parsed_.value("added_tokens", json::array()))
      added.push_back(read_added_token(token));
    return added;
  }

  std::vector<std::pair<std::string, uint64_t>> entries() const {
    std::vector<std::pair<std::string, uint64_t>> entries;
    const json& vocab = member("vocab");
    if (!vocab.is_object()) fail("has a vocabulary that is not an object of pieces and ids");
    for (const auto& [piece, id] : vocab.items()) {
      if (!id.is_number_unsigned())
        fail("has the piece " + quoted_piece(piece) + " whose id is not a whole number");
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
    if (!list.is_array()) fail("has merges that are not a list");
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
  static std::string regex_of(const json& rule) { return text_of(rule.value("pattern", json()), "Regex"); }

  /// Files of before there was a choice have none: GPT-2's.
  WordPattern word_pattern() const {
    const json parts = parts_of(parsed_.value("pre_tokenizer", json()), "pretokenizers");
    if (parts.empty()) return WordPattern::kGpt2;
    const bool is_byte_level =
        text_of(parts.back(), "type") == "ByteLevel" && !flag_of(parts.back(), "add_prefix_space", false);
    const bool splits_itself = is_byte_level && flag_of(parts.back(), "use_regex", true);
    if (splits_itself && parts.size() == 1) return WordPattern::kGpt2;
    if (is_byte_level && parts.size() == 2) {
      const json& first = parts.front();
      const std::string type = text_of(first, "type");
      if (splits_itself && type == "Digits" && flag_of(first, "individual_digits", false))
        return WordPattern::kGpt2AndDigits;
      const bool isolates = text_of(first, "behavior") == "Isolated" && !flag_of(first, "invert", false);
      if (!splits_itself && type == "Split" && isolates) {
        if (regex_of(first) == kLlama3Pattern) return WordPattern::kLlama3;
        if (regex_of(first) == kQwenPattern) return WordPattern::kQwen;
      }
    }
    refuse("splits texts in a way that is not supported: " + quoted_piece(text_of(parts.front(), "type")));
  }

  bool is_composing() const {
    const json parts = parts_of(parsed_.value("normalizer", json()), "normalizers");
    for (const json& part : parts) {
      if (text_of(part, "type") != "NFC")
        refuse("changes texts in a way that is not supported: " + quoted_piece(text_of(part, "type")));
    }
    return !parts.empty();
  }

  /// The token that a template puts before a text; empty where none is.
  static std::string start_of(const json& part) {
    const json single = part.value("single", json::array());
    if (!single.is_array() || single.empty() || !single.front().is_object()) return "";
    return text_of(single.front().value("SpecialToken", json()), "id");
  }

  static std::string pattern_of(const json& rule) { return text_of(rule.value("pattern", json()), "String"); }

  void read_normalizer(const json& rule, FallbackBpeRules& rules, bool& marks_spaces) const {
    const std::string type = text_of(rule, "type");
    if (rule.is_null()) return;
    if (type == "Sequence") {
      for (const json& part : rule.value("normalizers", json::array()))
        read_normalizer(part, rules, marks_spaces);
    } else if (type == "Replace" && pattern_of(rule) == " " && text_of(rule, "content") == "\u2581") {
      marks_spaces = true;
    } else if (type == "Prepend" && text_of(rule, "prepend") == "\u2581") {
      rules.begin_with_space = true;
    } else if (type == "Lowercase") {
      rules.lower = true;
    } else {
      refuse("changes texts in a way that is not supported: " + quoted_piece(type));
    }
  }

  /// Throws Error(kModel) about what is no flaw of the file.
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::kModel, "tokenizer.json " + what, path_,
                "use another model (docs/models.md lists what is supported)");
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::kModel, "tokenizer.json " + what, path_, kRemedy);
  }

  json parsed_;
  std::string path_;
};

}  // namespace

std::unique_ptr<Tokenizer> parse_tokenizer_json(const VocabularyFile& file, ClipTextRules rules,
                                                const TokenizerSettings& settings) {
  TokenizerJsonParts parts = parse_tokenizer_json_parts(file);
  if (is_unigram(parts)) return parse_unigram_json(std::move(parts), file.path);
  const TokenizerJson tokenizer(std::move(parts.parsed), file.path);
  const bool has_fallback = tokenizer.has_fallback();
  BpePieces source;
  source.pieces_path = source.merges_path = file.path;
  source.pieces = pieces_by_id(tokenizer.entries(), file.path);
  source.merges = tokenizer.merges();
  if (has_fallback) {
    const FallbackBpeRules fallback_rules = tokenizer.rules();  // what it refuses comes first
    return std::make_unique<FallbackBpeTokenizer>(BpeVocabulary(std::move(source), BpeFlavour::kFallback),
                                                  fallback_rules);
  }
  const BpeFlavour flavour = flavour_of(source.pieces);
  const bool clip = flavour == BpeFlavour::kClip;
  const ByteLevelRules byte_level = clip ? ByteLevelRules() : tokenizer.byte_level_rules();
  TokenizerSettings all;
  all.added = tokenizer.added();
  if (clip && rules == ClipTextRules::kTransformers) {
    if (has_general_class(settings)) tokenizer.require_clip_rules();
    all = with_tokens_of_settings(std::move(all.added), settings);
    append_missing(all.added, source.pieces);
  }
  return std::make_unique<BpeTokenizer>(BpeVocabulary(std::move(source), flavour), file.path, rules, all,
                                        byte_level);
}

}  // namespace kiloword
