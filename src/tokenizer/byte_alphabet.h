#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kiloword {

/// Byte-level BPE (Radford et al. 2019, GPT-2) spells every byte as one printable character: bytes that are
/// printable in Latin-1 are themselves, the other 68 become U+0100 .. U+0143 in order ("Ġ" is the space).

/// The UTF-8 spelling of `byte`.
const std::string& byte_spelling(uint8_t byte);

/// SentencePiece's piece of `byte`, "<0x00>" to "<0xFF>", used to spell characters that are not pieces.
std::string fallback_spelling(uint8_t byte);

/// The byte that `c` spells, or -1 if it is not in the alphabet.
int spelled_byte(char32_t c);

/// The bytes that `piece` spells; characters outside the alphabet, which added tokens may have, are kept.
std::string spelled_bytes(std::string_view piece);

}  // namespace kiloword
