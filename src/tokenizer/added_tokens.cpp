#include "tokenizer/added_tokens.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <set>
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

/// The contents of "bos_token", "pad_token" and the like, and of the lists of further ones.
void add_special(const json& settings, std::set<std::string>& special) {
  for (const auto& [key, value] : settings.items()) {
    if (ends_with(key, "_token")) {
      special.insert(content_of(value));
    } else if (ends_with(key, "_special_tokens") && value.is_array()) {
      for (const json& token : value) special.insert(content_of(token));
    }
  }
  special.erase("");
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

std::vector<AddedToken> parse_added_tokens(const AddedTokenFiles& files) {
  const json settings = parse_object(files.settings);
  const auto decoder = settings.find("added_tokens_decoder");
  if (decoder != settings.end() && decoder->is_object()) return read_decoder(*decoder);

  std::set<std::string> special;
  add_special(settings, special);
  add_special(parse_object(files.special), special);
  std::vector<AddedToken> tokens;
  const json numbered = parse_object(files.numbered);
  for (const auto& [content, id] : numbered.items()) {
    if (content.empty() || !id.is_number_unsigned() || id.get<uint64_t>() > INT32_MAX) continue;
    AddedToken token;
    token.content = content;
    token.id = id.get<int64_t>();
    token.special = special.erase(content) > 0;
    token.normalized = !token.special;
    tokens.push_back(std::move(token));
  }
  for (const std::string& content : special) {
    AddedToken token;
    token.content = content;
    token.special = true;
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::string parse_start_token(const AddedTokenFiles& files) {
  const json settings = parse_object(files.settings);
  if (!flag_of(settings, "add_bos_token", false)) return "";
  for (const json& named : {settings, parse_object(files.special)}) {
    std::string token = content_of(named.value("bos_token", json()));
    if (!token.empty()) return token;
  }
  return "<|endoftext|>";  // GPT-2's
}

}  // namespace kiloword
