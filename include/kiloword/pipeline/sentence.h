#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// The caption of an image without a selected statement: a chatbot should know that there was an image, and
/// nothing that is not true of it.
constexpr std::string_view kNothingToSay = "No description available.";

/// Code points of an author's name at most; a longer one is cut and ends in U+2026.
constexpr size_t kMaxAuthorCodePoints = 100;

/// `text` made safe for a prompt: valid UTF-8 on one line that cannot close the caption's bracket.
/// - a byte that is not UTF-8 becomes U+FFFD;
/// - all of Unicode's white space (line and paragraph breaks too) becomes one space, none at the ends;
/// - `[` `]` and the brackets that look like them (full-width, lenticular, white square ...) become `(` `)`;
/// - other control characters (C0, DEL, C1) and Unicode's default-ignorable ones (zero-width and
/// bidirectional
///   controls, variation selectors, tags) are dropped.
/// Doing it twice changes nothing.
std::string neutralize(std::string_view text);

/// Code points of the words that read_statement() quotes, at most.
constexpr size_t kMaxReadCodePoints = 200;

/// `The text reads "L1 / L2".` of lines that were read in an image, which are untrusted: neutralize(),
/// and in addition quotation marks of every kind become `'` and angle brackets `(` and `)`, so that the words
/// stay inside the quotation and hold no control tokens of a chat template; cut to kMaxReadCodePoints. Empty
/// where nothing is left.
std::string read_statement(const std::vector<std::string>& lines);

/// An author's name made safe as a speaker in front of a colon: neutralize(), and a colon, or what looks like
/// one, becomes `-`, so that no name holds a second speaker; cut to kMaxAuthorCodePoints.
std::string neutralize_author(std::string_view author);

/// `[Image Attached: S1 S2 S3]`, with `NAME: ` before it where `author` leaves a name after
/// neutralize_author(). Statements are neutralised here; those that leave nothing are skipped. Without any:
/// `kNothingToSay` in their place.
std::string compose_sentence(const std::vector<std::string>& statements, std::string_view author = "");

/// The statements of the caption `sentence` (of compose_sentence()), without brackets and author; empty
/// if there are none, and for a text that is no caption.
std::string_view said_text(std::string_view sentence);

}  // namespace kiloword
