#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kiloword {

/// XXH3-64 of `bytes`: identical on every machine, not cryptographic.
uint64_t hash64(std::string_view bytes);

/// A streaming 128-bit content fingerprint (XXH3-128): detects changes, but is not cryptographic.
class Fingerprint {
 public:
  Fingerprint();
  ~Fingerprint();
  Fingerprint(const Fingerprint&) = delete;
  Fingerprint& operator=(const Fingerprint&) = delete;

  /// Adds a field. Its length is hashed with it, so that ("ab","c") and ("a","bc") differ.
  Fingerprint& add(std::string_view field);

  /// The same for a field of `bytes` bytes, which `append` then adds in parts of any size.
  Fingerprint& begin_field(uint64_t bytes);
  Fingerprint& append(std::string_view part);

  /// The fingerprint of the bytes added so far, 32 lower-case hexadecimal digits.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kiloword
