#include "tokenizer/character_map.h"

#include <algorithm>

namespace kiloword {
namespace {

constexpr size_t kMaxReplacementBytes = 256;     // NFKC's longest has 33
constexpr size_t kMaxPrefixesOfACharacter = 32;  // the library's array on the stack
constexpr uint32_t kNone = UINT32_MAX;
constexpr uint32_t kOnPath = UINT32_MAX - 1;

uint32_t little_endian_32(std::string_view bytes, size_t offset) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= uint32_t{static_cast<unsigned char>(bytes[offset + i])} << (8 * i);
  return value;
}

bool has_value(uint32_t unit) {
  return ((unit >> 8) & 1) != 0;
}

uint32_t label(uint32_t unit) {
  return unit & 0x800000FFu;
}

}  // namespace

bool CharacterMap::read(std::string_view blob) {
  if (blob.size() < 4) return false;
  const size_t trie_bytes = little_endian_32(blob, 0);
  if (trie_bytes % 4 != 0 || trie_bytes == 0 || trie_bytes >= blob.size() - 4) return false;
  replacements_ = blob.substr(4 + trie_bytes);
  if (replacements_.back() != '\0') return false;
  units_.resize(trie_bytes / 4);
  for (size_t i = 0; i < units_.size(); ++i) units_[i] = little_endian_32(blob, 4 + 4 * i);
  link_siblings();
  const bool is_sound = all_paths_are_sound();
  first_child_ = {};
  next_sibling_ = {};
  if (!is_sound) units_.clear();
  return is_sound;
}

std::optional<std::string_view> CharacterMap::replacement(std::string_view text) const {
  if (units_.empty()) return std::nullopt;
  size_t at = base_below(0);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    at ^= byte;
    if (byte == 0 || label(units_[at]) != byte) return std::nullopt;
    const bool ends = has_value(units_[at]);
    at = base_below(at);
    if (!ends) continue;
    const size_t start = units_[at] & 0x7FFFFFFFu;
    return replacements_.substr(start, replacements_.find('\0', start) - start);
  }
  return std::nullopt;
}

size_t CharacterMap::base_below(size_t at) const {
  return at ^ ((units_[at] >> 10) << ((units_[at] & 0x200u) >> 6));
}

void CharacterMap::link_siblings() {
  first_child_.assign(units_.size(), kNone);
  next_sibling_.assign(units_.size(), kNone);
  for (uint32_t at = 0; at < units_.size(); ++at) {
    const uint32_t byte = label(units_[at]);
    const size_t base = at ^ byte;
    if (byte > 0xFF || base >= units_.size()) continue;
    next_sibling_[at] = first_child_[base];
    first_child_[base] = at;
  }
}

/// Walks depth first, each set of siblings once (they are shared), and counts the keys on the longest way
/// down.
bool CharacterMap::all_paths_are_sound() const {
  std::vector<uint32_t> keys_below(units_.size(), kNone);
  std::vector<Step> path;
  const auto enter = [&](size_t base) {
    if ((base | 0xFF) >= units_.size()) return false;
    keys_below[base] = kOnPath;
    path.push_back({base, first_child_[base]});
    return true;
  };
  if (!enter(base_below(0))) return false;
  while (!path.empty()) {
    const Step step = path.back();
    if (step.child == kNone) {
      keys_below[step.base] = most_keys(step.base, keys_below);
      if (keys_below[step.base] > kMaxPrefixesOfACharacter) return false;
      path.pop_back();
      continue;
    }
    path.back().child = next_sibling_[step.child];
    const size_t base = base_below(step.child);
    if (base >= units_.size() || keys_below[base] == kOnPath) return false;
    if (has_value(units_[step.child]) && !value_is_sound(base)) return false;
    if (keys_below[base] == kNone && !enter(base)) return false;
  }
  return true;
}

uint32_t CharacterMap::most_keys(size_t base, const std::vector<uint32_t>& keys_below) const {
  uint32_t most = 0;
  for (uint32_t at = first_child_[base]; at != kNone; at = next_sibling_[at]) {
    most = std::max(most, keys_below[base_below(at)] + (has_value(units_[at]) ? 1 : 0));
  }
  return most;
}

bool CharacterMap::value_is_sound(size_t at) const {
  const size_t start = units_[at] & 0x7FFFFFFFu;
  if (start >= replacements_.size()) return false;
  return replacements_.find('\0', start) - start <= kMaxReplacementBytes;
}

}  // namespace kiloword
