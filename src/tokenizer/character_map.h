#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kiloword {

/// SentencePiece's character map ("precompiled_charsmap"): texts and their replacements, in a double-array
/// trie (darts-clone). Unit `base ^ byte` is a child of every node whose children start at `base`, if its
/// label is `byte`.
class CharacterMap {
 public:
  /// Reads `blob`, which must outlive the map: the trie's size in bytes as 32 bits, the trie, then the
  /// replacements, each ended by a NUL. Returns false, leaving the map empty, if a lookup could leave the
  /// trie, or find more matches than the sentencepiece library has room for.
  bool read(std::string_view blob);

  /// The replacement of the shortest prefix of `text` in the map.
  std::optional<std::string_view> replacement(std::string_view text) const;

 private:
  /// A step of a traversal: a set of siblings, and the next one to descend to.
  struct Step {
    size_t base;
    uint32_t child;
  };

  size_t base_below(size_t at) const;
  void link_siblings();
  bool all_paths_are_sound() const;
  uint32_t most_keys(size_t base, const std::vector<uint32_t>& keys_below) const;
  bool value_is_sound(size_t at) const;

  std::vector<uint32_t> units_;
  std::vector<uint32_t> first_child_;   // by base; while it is read
  std::vector<uint32_t> next_sibling_;  // by unit; while it is read
  std::string_view replacements_;
};

}  // namespace kiloword
