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

/// Limits that keep a hostile phrase list from using unbounded memory.
constexpr uint64_t kMaxAvoidFileBytes = 4U << 20U;
constexpr size_t kMaxPhraseBytes = 500;

/// The phrases of an avoid list: one per line (LF or CR LF), trimmed; blank lines, lines that begin with `#`,
/// and a byte order mark are skipped. `name` is shown in errors. Throws Error(kUsage) at `name:line` for a
/// line that has no letter or digit, exceeds kMaxPhraseBytes, or is not UTF-8.
std::vector<std::string> parse_avoid_list(std::string_view content, const std::string& name);

/// Reads and parses the file `path`, of at most kMaxAvoidFileBytes. Throws Error(kUsage).
std::vector<std::string> read_avoid_file(const std::filesystem::path& path);

/// Decides which texts a decoder may write. Checks decoded text, never tokens, so no tokenization can smuggle
/// a phrase in. Immutable, hence thread-safe.
///
/// How phrases are matched:
/// - Letter case, accents, compatibility forms (full-width, circled, mathematical letters) and invisible
///   characters are ignored: Unicode's NFKC_Casefold, then NFD without accents. Marks that are part of the
///   spelling (vowel signs, viramas, kana voicing marks, Thai tones) are significant.
/// - Words are runs of letters, digits and their marks; everything else, including hyphens and apostrophes,
///   only separates words: "new york" matches "New-York", "cat" matches "the cat's bed", "arbre" matches
///   "l'arbre", but "can" also matches "can't". There is no stemming: "cat" does not match "cats".
/// - Scripts without spaces between words (Han, kana, Thai, Lao, Khmer, Burmese ...: letters of the UAX #14
///   classes ID, CJ, NS and SA) are compared by character: a phrase matches anywhere in the text.
class OutputRules {
 public:
  /// Throws Error(kUsage) for a phrase that has no letter or digit or exceeds kMaxPhraseBytes, and for a
  /// required phrase that contains an avoided one.
  explicit OutputRules(const OutputRuleOptions& options);
  OutputRules(OutputRules&& other) noexcept;
  OutputRules& operator=(OutputRules&& other) noexcept;
  ~OutputRules();

  /// Whether `text` contains no avoided phrase and has at most `max_chars` code points (an invalid byte
  /// counts as one). The end of the text ends its last word: with "cat" avoided, "cat" is rejected even
  /// though it could become "caterpillar". So a growing text never shows the phrase, but "caterpillar" can be
  /// written only by a token that goes beyond "cat". Linear in the length of the text, except for runs that
  /// begin like phrases.
  bool allows(std::string_view text) const;

  /// Why allows() is false, as a clause ("avoided phrase 'cat'", "longer than 80 characters"); none if it is
  /// true.
  std::optional<std::string> violation(std::string_view text) const;

  /// The required phrases, as given.
  const std::vector<std::string>& required() const;

  /// For each required phrase, whether `text` contains it. Unless `finished`, a phrase at the very end of the
  /// text does not count, since later tokens may change its last word.
  std::vector<bool> included(std::string_view text, bool finished) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace kiloword
