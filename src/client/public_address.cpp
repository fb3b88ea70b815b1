#include "client/public_address.h"

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace kiloword {
namespace {

struct Block {
  uint32_t address;
  int bits;
};

constexpr uint32_t ipv4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array<Block, 16> kSpecial{{{ipv4(0, 0, 0, 0), 8},
                                          {ipv4(10, 0, 0, 0), 8},
                                          {ipv4(100, 64, 0, 0), 10},
                                          {ipv4(127, 0, 0, 0), 8},
                                          {ipv4(169, 254, 0, 0), 16},
                                          {ipv4(172, 16, 0, 0), 12},
                                          {ipv4(192, 0, 0, 0), 24},
                                          {ipv4(192, 0, 2, 0), 24},
                                          {ipv4(192, 31, 196, 0), 24},
                                          {ipv4(192, 88, 99, 0), 24},
                                          {ipv4(192, 168, 0, 0), 16},
                                          {ipv4(198, 18, 0, 0), 15},
                                          {ipv4(198, 51, 100, 0), 24},
                                          {ipv4(203, 0, 113, 0), 24},
                                          {ipv4(224, 0, 0, 0), 4},
                                          {ipv4(240, 0, 0, 0), 4}}};

bool is_public(uint32_t address) {
  for (const Block& block : kSpecial) {
    if ((address ^ block.address) >> (32 - block.bits) == 0) return false;
  }
  return true;
}

uint32_t ipv4_at(const uint8_t* bytes) {
  return ipv4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

bool is_public(const in6_addr& address) {
  const uint8_t* bytes = static_cast<const uint8_t*>(address.s6_addr);
  constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  constexpr std::array<uint8_t, 12> kTranslated{0, 0x64, 0xFF, 0x9B};
  if (std::memcmp(bytes, kMapped.data(), kMapped.size()) == 0) return is_public(ipv4_at(bytes + 12));
  if (std::memcmp(bytes, kTranslated.data(), kTranslated.size()) == 0) return is_public(ipv4_at(bytes + 12));
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_public(ipv4_at(bytes + 2));  // 6to4
  const bool is_global = (bytes[0] & 0xE0) == 0x20;  // 2000::/3, all that is assigned
  const bool is_special =
      bytes[0] == 0x20 && bytes[1] == 0x01 &&
      (bytes[2] <= 0x01 || (bytes[2] == 0x0D && bytes[3] == 0xB8));  // IETF, documentation
  return is_global && !is_special;
}

}  // namespace

bool is_public_address(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in own{};
    std::memcpy(&own, address, sizeof own);
    return is_public(ntohl(own.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return false;
  sockaddr_in6 own{};
  std::memcpy(&own, address, sizeof own);
  return is_public(own.sin6_addr);
}

}  // namespace kiloword
