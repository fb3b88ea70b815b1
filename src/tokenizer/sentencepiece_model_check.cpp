#include "tokenizer/sentencepiece_model_check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "kiloword/base/utf8.h"
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

constexpr size_t kMaxPieceBytes = 1024;          // the BPE decoder recurses over a piece
constexpr size_t kMaxReplacementBytes = 256;     // NFKC's longest has 33
constexpr size_t kMaxPrefixesOfACharacter = 32;  // the library's array on the stack
constexpr size_t kMaxSelfTestBytes = size_t{1} << 16;

uint32_t little_endian_32(std::string_view bytes, size_t offset) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= uint32_t{static_cast<unsigned char>(bytes[offset + i])} << (8 * i);
  return value;
}

/// The double-array trie (darts-clone) of a character map: text to the offset of its replacement. Unit `base
/// ^ byte` is a child of every node whose children start at `base`, if its label is `byte`.
class CharacterMap {
 public:
  /// Reads `blob`: the trie's size in bytes as 32 bits, the trie, then the replacements, each ended by a NUL.
  /// False when a look-up could leave it, or find more than the library has room for.
  bool read(std::string_view blob) {
    if (blob.size() < 4) return false;
    const size_t trie_bytes = little_endian_32(blob, 0);
    if (trie_bytes % 4 != 0 || trie_bytes == 0 || trie_bytes >= blob.size() - 4) return false;
    replacements_ = blob.substr(4 + trie_bytes);
    if (replacements_.back() != '\0') return false;
    units_.resize(trie_bytes / 4);
    for (size_t i = 0; i < units_.size(); ++i) units_[i] = little_endian_32(blob, 4 + 4 * i);
    link_siblings();
    return all_paths_are_sound();
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kOnPath = UINT32_MAX - 1;

  /// A set of siblings on the path that is walked, and the next of them to go down to.
  struct Step {
    size_t base;
    uint32_t child;
  };

  static bool has_value(uint32_t unit) { return ((unit >> 8) & 1) != 0; }
  static uint32_t label(uint32_t unit) { return unit & 0x800000FFu; }
  size_t base_below(size_t at) const { return at ^ ((units_[at] >> 10) << ((units_[at] & 0x200u) >> 6)); }

  void link_siblings() {
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
  bool all_paths_are_sound() const {
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

  uint32_t most_keys(size_t base, const std::vector<uint32_t>& keys_below) const {
    uint32_t most = 0;
    for (uint32_t at = first_child_[base]; at != kNone; at = next_sibling_[at]) {
      most = std::max(most, keys_below[base_below(at)] + (has_value(units_[at]) ? 1 : 0));
    }
    return most;
  }

  bool value_is_sound(size_t at) const {
    const size_t start = units_[at] & 0x7FFFFFFFu;
    if (start >= replacements_.size()) return false;
    return replacements_.find('\0', start) - start <= kMaxReplacementBytes;
  }

  std::vector<uint32_t> units_;
  std::vector<uint32_t> first_child_;   // by base
  std::vector<uint32_t> next_sibling_;  // by unit
  std::string_view replacements_;
};

std::string find_piece_flaw(std::string_view message) {
  ProtobufReader reader(message);
  while (reader.next()) {
    if (reader.is(kPieceText, WireType::kBytes)) {
      const std::string_view text = reader.bytes();
      if (text.size() > kMaxPieceBytes) return "a piece is longer than 1024 bytes";
      if (text.find('\0') != std::string_view::npos || !is_valid_utf8(text))
        return "a piece is not text in UTF-8";
    } else if (reader.is(kPieceScore, WireType::kFixed32)) {
      const uint32_t bits = little_endian_32(reader.bytes(), 0);
      float score = 0;
      std::memcpy(&score, &bits, sizeof score);
      if (!std::isfinite(score)) return "a piece's score is not a number";
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
