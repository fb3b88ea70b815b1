#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// The caption of an image without a selected statement: a chatbot learns that there was an image, but
/// nothing false about it.
constexpr std::string_view kNothingToSay = "No description available.";

/// Maximum number of code points of an author's name; a longer one is truncated and ends in U+2026.
constexpr size_t kMaxAuthorCodePoints = 100;

/// `text` made safe for a prompt: valid UTF-8 on one line that cannot close the caption's bracket.
/// - an invalid UTF-8 byte becomes U+FFFD;
/// - runs of Unicode white space, including line and paragraph breaks, become one space, and none at the
///   ends;
/// - `[` `]` and look-alikes (full-width, lenticular, white square ...) become `(` `)`;
/// - other control characters (C0, DEL, C1) and Unicode's default-ignorable ones (zero-width and
///   bidirectional controls, variation selectors, tags) are dropped.
/// Idempotent.
std::string neutralize(std::string_view text);

/// Maximum number of code points that read_statement() quotes.
constexpr size_t kMaxReadCodePoints = 200;

/// `The text reads "L1 / L2".` for lines of text read in an image, which are untrusted: applies neutralize(),
/// then replaces quotation marks of every kind by `'` and angle brackets by `(` and `)`, so that the text
/// stays inside the quotation and contains no control tokens of a chat template; truncates to
/// kMaxReadCodePoints. Empty if nothing is left.
std::string read_statement(const std::vector<std::string>& lines);

/// An author's name made safe as a speaker before a colon: applies neutralize(), then replaces colons and
/// look-alikes by `-`, so that no name contains a second speaker; truncates to kMaxAuthorCodePoints.
std::string neutralize_author(std::string_view author);

/// `[Image Attached: S1 S2 S3]`, preceded by `NAME: ` if neutralize_author() leaves a name. Statements are
/// neutralised; empty ones are skipped. If none is left, `kNothingToSay` replaces them.
std::string compose_sentence(const std::vector<std::string>& statements, std::string_view author = "");

/// The statements of the caption `sentence` (of compose_sentence()), without brackets and author; empty if
/// there are none, or if it is not a caption.
std::string_view said_text(std::string_view sentence);

}  // namespace kiloword
