#include "tokenizer/byte_alphabet.h"

#include <array>
#include <cstddef>

#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

constexpr char32_t kFirstStandIn = 0x100;
constexpr size_t kStandIns = 68;

bool stands_for_itself(unsigned byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Alphabet {
  std::array<std::string, 256> spelling;
  std::array<uint8_t, kStandIns> stood_in{};

  Alphabet() {
    char32_t next = kFirstStandIn;
    for (unsigned byte = 0; byte < 256; ++byte) {
      const char32_t c = stands_for_itself(byte) ? char32_t{byte} : next++;
      if (c >= kFirstStandIn) stood_in[c - kFirstStandIn] = static_cast<uint8_t>(byte);
      append_utf8(spelling[byte], c);
    }
  }
};

const Alphabet& alphabet() {
  static const Alphabet kAlphabet;
  return kAlphabet;
}

}  // namespace

const std::string& byte_spelling(uint8_t byte) {
  return alphabet().spelling[byte];
}

int spelled_byte(char32_t c) {
  if (c < kFirstStandIn) return stands_for_itself(c) ? static_cast<int>(c) : -1;
  if (c >= kFirstStandIn + kStandIns) return -1;
  return alphabet().stood_in[c - kFirstStandIn];
}

std::string spelled_bytes(std::string_view piece) {
  std::string bytes;
  bytes.reserve(piece.size());
  for (size_t i = 0; i < piece.size();) {
    const DecodedCodePoint c = decode_utf8(piece, i);
    const int byte = spelled_byte(c.code_point);
    if (byte >= 0) {
      bytes += static_cast<char>(static_cast<unsigned char>(byte));
    } else {
      bytes.append(piece, i, c.length);
    }
    i += c.length;
  }
  return bytes;
}

std::string fallback_spelling(uint8_t byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return std::string("<0x") + kDigits[byte >> 4] + kDigits[byte & 15] + ">";
}

}  // namespace kiloword
