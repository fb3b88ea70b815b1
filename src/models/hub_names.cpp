#include "kiloword/models/hub_names.h"

#include <algorithm>

#include "kiloword/base/text.h"

namespace kiloword {
namespace {

constexpr size_t kMaxNameBytes = 96;
constexpr size_t kMaxFileNameBytes = 200;

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_word(std::string_view text, size_t max_bytes) {
  return !text.empty() && text.size() <= max_bytes && std::all_of(text.begin(), text.end(), is_word_char) &&
         text.front() != '.' && text.front() != '-' && !contains(text, "..");
}

bool is_hex(std::string_view text, size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

bool is_repository_id(std::string_view text) {
  const size_t slash = text.find('/');
  const auto is_part = [](std::string_view part) {
    return is_word(part, kMaxNameBytes) && !contains(part, "--");
  };
  if (slash == std::string_view::npos) return is_part(text);
  return is_part(text.substr(0, slash)) && is_part(text.substr(slash + 1));
}

bool is_revision(std::string_view text) {
  if (text.size() > kMaxFileNameBytes) return false;
  for (;;) {
    const size_t slash = text.find('/');
    if (!is_word(text.substr(0, slash), kMaxNameBytes)) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

bool is_commit(std::string_view text) {
  return is_hex(text, 40);
}

bool is_sha256(std::string_view text) {
  return is_hex(text, 64);
}

bool is_plain_file_name(std::string_view text) {
  return is_word(text, kMaxFileNameBytes);
}

bool is_blob_name(std::string_view text) {
  return is_word(text, kMaxFileNameBytes) && !ends_with(text, ".incomplete") && !ends_with(text, ".lock");
}

bool parse_hub_reference(std::string_view text, HubReference& reference) {
  const size_t at = text.find('@');
  const std::string_view repository = text.substr(0, at);
  if (!contains(repository, "/") || !is_repository_id(repository)) return false;
  const std::string_view revision = at == std::string_view::npos ? "main" : text.substr(at + 1);
  if (!is_revision(revision)) return false;
  reference = {std::string(repository), std::string(revision)};
  return true;
}

}  // namespace kiloword
