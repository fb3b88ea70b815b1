#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kiloword {

/// Iterates over the fields of an untrusted serialized protobuf message (wire format of proto2 without
/// groups).
class ProtobufReader {
 public:
  enum class WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  explicit ProtobufReader(std::string_view message) : rest_(message) {}

  /// Moves to the next field; false at the end of the message, or if the data is malformed.
  bool next();
  bool malformed() const { return malformed_; }

  uint32_t field() const { return field_; }
  WireType type() const { return type_; }
  bool is(uint32_t field, WireType type) const { return field_ == field && type_ == type; }
  /// The content of a length-delimited field, or the little-endian bytes of a fixed one.
  std::string_view bytes() const { return bytes_; }
  /// The value of a varint.
  uint64_t number() const { return number_; }
  /// The value of a field of type kFixed32 as a float.
  float real() const;

 private:
  bool read_varint(uint64_t& value);
  bool take(size_t size);
  bool read_field();

  std::string_view rest_;
  std::string_view bytes_;
  uint64_t number_ = 0;
  uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  bool malformed_ = false;
};

}  // namespace kiloword
