#include "kiloword/base/hash.h"

#include <xxhash.h>

#include <array>
#include <new>

namespace kiloword {

uint64_t hash64(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

struct Fingerprint::State {
  XXH3_state_t* xxh3 = XXH3_createState();
  State() {
    if (xxh3 == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(xxh3);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { XXH3_freeState(xxh3); }
};

Fingerprint::Fingerprint() : state_(std::make_unique<State>()) {}
Fingerprint::~Fingerprint() = default;

Fingerprint& Fingerprint::add(std::string_view field) {
  return begin_field(field.size()).append(field);
}

Fingerprint& Fingerprint::begin_field(uint64_t bytes) {
  XXH3_128bits_update(state_->xxh3, &bytes, sizeof bytes);
  return *this;
}

Fingerprint& Fingerprint::append(std::string_view part) {
  if (!part.empty()) XXH3_128bits_update(state_->xxh3, part.data(), part.size());
  return *this;
}

std::string Fingerprint::hex() const {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_->xxh3));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : canonical.digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xF];
  }
  return text;
}

}  // namespace kiloword
