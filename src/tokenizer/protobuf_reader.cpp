#include "tokenizer/protobuf_reader.h"

#include <cstring>

namespace kiloword {

bool ProtobufReader::next() {
  if (rest_.empty() || malformed_) return false;
  malformed_ = !read_field();
  return !malformed_;
}

bool ProtobufReader::read_field() {
  uint64_t tag = 0;
  if (!read_varint(tag) || tag > UINT32_MAX || tag < 8) return false;
  field_ = static_cast<uint32_t>(tag >> 3);
  type_ = static_cast<WireType>(tag & 7);
  uint64_t number = 0;
  switch (type_) {
    case WireType::kVarint:
      bytes_ = {};
      return read_varint(number_);
    case WireType::kFixed64:
      return take(8);
    case WireType::kFixed32:
      return take(4);
    case WireType::kBytes:
      return read_varint(number) && number <= rest_.size() && take(static_cast<size_t>(number));
  }
  return false;
}

bool ProtobufReader::read_varint(uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

float ProtobufReader::real() const {
  uint32_t bits = 0;
  for (size_t i = 0; i < bytes_.size() && i < sizeof bits; ++i)
    bits |= uint32_t{static_cast<unsigned char>(bytes_[i])} << (8 * i);
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

bool ProtobufReader::take(size_t size) {
  if (size > rest_.size()) return false;
  bytes_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

}  // namespace kiloword
