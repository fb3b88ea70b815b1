#include "tokenizer/added_tokens.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"

namespace kiloword {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 32;

/// The object in `file`, an empty one where there is no such file.
json parse_object(const VocabularyFile& file) {
  if (file.text.empty()) return json::object();
  bool too_deep = false;
  json parsed = json::parse(
      file.text,
      [&too_deep](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > kMaxDepth;
        return !too_deep;
      },
      /*allow_exceptions=*/false);
  if (too_deep || !parsed.is_object())
    throw Error(ErrorKind::kModel, "not a JSON object", file.path, "download the tokenizer files again");
  return parsed;
}

bool flag_of(const json& entry, const char* key, bool fallback) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_boolean() ? found->get<bool>() : fallback;
}

/// A token written as a text or as an object with content.
std::string content_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object()) return "";
  const auto found = value.find("content");
  return found != value.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Adds the token in `value` as a special one, unless `special` has its content.
void add_special(const json& value, std::vector<AddedToken>& special) {
  AddedToken token = read_added_token(value);
  const bool known = std::any_of(special.begin(), special.end(), [&token](const AddedToken& other) {
    return other.content == token.content;
  });
  if (known || token.content.empty()) return;
  token.id = AddedToken::kUnnumbered;
  token.special = true;
  if (value.is_string()) token.normalized = false;
  special.push_back(std::move(token));
}

/// The tokens "bos_token", "pad_token" and the like, then those of the lists of further ones.
void add_all_special(const json& settings, std::vector<AddedToken>& special) {
  for (const char* key :
       {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"}) {
    if (const auto found = settings.find(key); found != settings.end()) add_special(*found, special);
  }
  for (const auto& [key, value] : settings.items()) {
    if (!ends_with(key, "_special_tokens") || !value.is_structured()) continue;
    for (const json& token : value) add_special(token, special);
  }
}

std::vector<AddedToken> read_decoder(const json& decoder) {
  std::vector<AddedToken> tokens;
  for (const auto& [number, entry] : decoder.items()) {
    AddedToken token = read_added_token(entry);
    const char* end = number.data() + number.size();
    const auto read = std::from_chars(number.data(), end, token.id);
    if (read.ec == std::errc() && read.ptr == end && token.id >= 0 && !token.content.empty())
      tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace

AddedToken read_added_token(const json& entry) {
  AddedToken token;
  token.content = content_of(entry);
  if (!entry.is_object()) return token;
  const auto id = entry.find("id");
  if (id != entry.end() && id->is_number_unsigned() && id->get<uint64_t>() <= INT32_MAX)
    token.id = id->get<int64_t>();
  token.special = flag_of(entry, "special", false);
  token.normalized = flag_of(entry, "normalized", !token.special);
  token.reach = {flag_of(entry, "single_word", false), flag_of(entry, "lstrip", false),
                 flag_of(entry, "rstrip", false)};
  return token;
}

TokenizerSettings parse_tokenizer_settings(const AddedTokenFiles& files) {
  const json values = parse_object(files.settings);
  const json map = parse_object(files.special);
  TokenizerSettings settings;
  settings.path = files.settings.path;
  for (const json* source : {&map, &values}) {
    if (std::string name = content_of(source->value("bos_token", json())); !name.empty())
      settings.start = std::move(name);
    if (std::string name = content_of(source->value("eos_token", json())); !name.empty())
      settings.end = std::move(name);
  }
  settings.starts_texts = flag_of(values, "add_bos_token", false);
  settings.special_are_text = flag_of(values, "split_special_tokens", false);
  settings.class_name = content_of(values.value("tokenizer_class", json()));

  std::vector<AddedToken> special;
  add_all_special(values, special);
  const auto decoder = values.find("added_tokens_decoder");
  if (decoder != values.end() && decoder->is_object()) {
    settings.added = read_decoder(*decoder);
  } else {
    add_all_special(map, special);
    const json numbered = parse_object(files.numbered);
    for (const auto& [content, id] : numbered.items()) {
      if (content.empty() || !id.is_number_unsigned() || id.get<uint64_t>() > INT32_MAX) continue;
      AddedToken token;
      const auto known =
          std::find_if(special.begin(), special.end(),
                       [&text = content](const AddedToken& other) { return other.content == text; });
      if (known != special.end()) {
        token = *known;
      } else {
        token.content = content;
        token.normalized = true;
      }
      token.id = id.get<int64_t>();
      settings.added.push_back(std::move(token));
    }
  }
  for (AddedToken& token : special) {
    const bool known =
        std::any_of(settings.added.begin(), settings.added.end(),
                    [&token](const AddedToken& other) { return other.content == token.content; });
    if (!known) settings.added.push_back(std::move(token));
  }
  return settings;
}

}  // namespace kiloword
