#include "kiloword/checkpoint/safetensors.h"

#include <algorithm>

#include "checkpoint/safetensors_header.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr size_t kLengthBytes = 8;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::kModel, what, "", "download the model again");
}

uint64_t header_length(std::string_view bytes) {
  if (bytes.empty()) fail("empty checkpoint");
  if (bytes.size() < kLengthBytes) fail("truncated checkpoint: no header length");
  uint64_t length = 0;
  for (size_t i = kLengthBytes; i-- > 0;) length = (length << 8) | static_cast<unsigned char>(bytes[i]);
  if (length > kMaxSafetensorsHeaderBytes) {
    fail("tensor header claims " + std::to_string(length) + " bytes, more than the limit of " +
         std::to_string(kMaxSafetensorsHeaderBytes));
  }
  if (length > bytes.size() - kLengthBytes) {
    fail("truncated checkpoint: the tensor header claims " + std::to_string(length) + " bytes, " +
         std::to_string(bytes.size() - kLengthBytes) + " are left");
  }
  return length;
}

/// Bytes that `entry`'s type and shape ask for.
uint64_t bytes_of_shape(const HeaderEntry& entry) {
  uint64_t size = element_bytes(entry.type);
  for (const int64_t dimension : entry.shape) {
    if (__builtin_mul_overflow(size, static_cast<uint64_t>(dimension), &size)) {
      fail("tensor \"" + entry.name + "\" has a shape that overflows");
    }
  }
  return size;
}

void check_range(const HeaderEntry& entry, uint64_t data_bytes) {
  if (entry.begin > entry.end) fail("tensor \"" + entry.name + "\" ends before it begins");
  if (entry.end > data_bytes) {
    fail("truncated checkpoint: tensor \"" + entry.name + "\" ends at byte " + std::to_string(entry.end) +
         " of " + std::to_string(data_bytes));
  }
  const uint64_t wanted = bytes_of_shape(entry);
  if (wanted != entry.end - entry.begin) {
    fail("tensor \"" + entry.name + "\" has " + std::to_string(entry.end - entry.begin) +
         " bytes where its shape asks for " + std::to_string(wanted));
  }
}

/// The format wants the tensors to cover the data exactly: no shared bytes, no bytes that belong to none.
void check_layout(std::vector<const HeaderEntry*> order, uint64_t data_bytes) {
  std::sort(order.begin(), order.end(), [](const HeaderEntry* a, const HeaderEntry* b) {
    return a->begin != b->begin ? a->begin < b->begin : a->end < b->end;
  });
  uint64_t covered = 0;
  const HeaderEntry* before = nullptr;
  for (const HeaderEntry* entry : order) {
    if (entry->begin < covered) fail("tensors \"" + before->name + "\" and \"" + entry->name + "\" overlap");
    if (entry->begin > covered)
      fail("checkpoint has bytes that belong to no tensor before \"" + entry->name + "\"");
    covered = entry->end;
    before = entry;
  }
  if (covered != data_bytes) fail("checkpoint has bytes that belong to no tensor at its end");
}

}  // namespace

TensorViews parse_safetensors(std::string_view bytes) {
  const uint64_t length = header_length(bytes);
  const std::vector<HeaderEntry> entries = parse_safetensors_header(bytes.substr(kLengthBytes, length));
  const std::string_view data = bytes.substr(kLengthBytes + length);
  TensorViews tensors;
  std::vector<const HeaderEntry*> order;
  for (const HeaderEntry& entry : entries) {
    check_range(entry, data.size());
    order.push_back(&entry);
    tensors.emplace(entry.name,
                    TensorView{entry.type, entry.shape, data.substr(entry.begin, entry.end - entry.begin)});
  }
  check_layout(std::move(order), data.size());
  return tensors;
}

}  // namespace kiloword
