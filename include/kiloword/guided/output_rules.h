#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/guided/rule_options.h"

namespace kiloword {

/// Limits that keep a hostile list of phrases from taking unbounded memory.
constexpr uint64_t kMaxAvoidFileBytes = 4U << 20U;
constexpr size_t kMaxPhraseBytes = 500;

/// The phrases of an avoid list: one a line (LF or CR LF), without white space at its ends; blank lines and
/// lines that begin with `#` are skipped, and so is a byte order mark. `name` is shown in errors. Throws
/// Error(kUsage) at `name:line` for a line without a letter or digit, over kMaxPhraseBytes, or not UTF-8.
std::vector<std::string> parse_avoid_list(std::string_view content, const std::string& name);

/// Reads and parses the file `path`, of at most kMaxAvoidFileBytes. Throws Error(kUsage).
std::vector<std::string> read_avoid_file(const std::filesystem::path& path);

/// Decides which texts a decoder may write. It looks at decoded text, never at tokens, so that no split into
/// tokens smuggles a phrase in. Immutable: safe to share between threads.
///
/// How phrases are found:
/// - Letter case, accents, compatibility forms (full-width, circled, mathematical letters) and invisible
///   characters do not matter: Unicode's NFKC_Casefold, then NFD without the marks that are accents. Marks
///   that spell (vowel signs, viramas, kana voicing marks, Thai tones) do matter.
/// - Words are runs of letters, digits and their marks; all else separates them and does not matter, hyphens
///   and apostrophes too: "new york" is found in "New-York", "cat" in "the cat's bed", "arbre" in "l'arbre",
///   but "can" also in "can't". Nothing is inflected: "cat" is not found in "cats".
/// - Scripts that put no spaces between words (Han, kana, Thai, Lao, Khmer, Burmese ...: those whose letters
///   UAX #14 gives the classes ID, CJ, NS and SA) are compared by characters: a phrase is found wherever it
///   occurs in the text.
class OutputRules {
 public:
  /// Throws Error(kUsage) for a phrase without a letter or digit, for one over kMaxPhraseBytes, and when a
  /// required phrase holds an avoided one.
  explicit OutputRules(const OutputRuleOptions& options);
  OutputRules(OutputRules&& other) noexcept;
  OutputRules& operator=(OutputRules&& other) noexcept;
  ~OutputRules();

  /// Whether `text` holds no avoided phrase and at most `max_chars` code points (an invalid byte counts as
  /// one). The end of the text ends its last word: with "cat" avoided, "cat" is refused although it might
  /// have become "caterpillar", so a text that grows never shows the phrase, not even for a moment; the price
  /// is that "caterpillar" is reached only by a token that carries it past "cat". Linear in the text's length
  /// but for runs that begin as phrases do.
  bool allows(std::string_view text) const;

  /// Why `allows` is false, as a clause ("avoided phrase 'cat'", "longer than 80 characters"); nothing when
  /// it is true.
  std::optional<std::string> violation(std::string_view text) const;

  /// The required phrases, as they were given.
  const std::vector<std::string>& required() const;

  /// Which required phrases `text` holds. While it is not `finished`, a phrase that its very end completes
  /// does not count: later tokens may change its last word.
  std::vector<bool> included(std::string_view text, bool finished) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace kiloword
