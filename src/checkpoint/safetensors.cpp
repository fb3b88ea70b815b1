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

uint64_t element_bytes(TensorType type) {
  switch (type) {
    case TensorType::kBool:
    case TensorType::kU8:
    case TensorType::kI8:
    case TensorType::kF8E4M3:
    case TensorType::kF8E5M2:
      return 1;
    case TensorType::kI16:
    case TensorType::kU16:
    case TensorType::kF16:
    case TensorType::kBF16:
      return 2;
    case TensorType::kI32:
    case TensorType::kU32:
    case TensorType::kF32:
      return 4;
    case TensorType::kI64:
    case TensorType::kU64:
    case TensorType::kF64:
      break;
  }
  return 8;
}

uint64_t header_length(std::string_view bytes) {
  if (bytes.empty()) fail("empty checkpoint");
  if (bytes.size() < kLengthBytes) fail("truncated checkpoint: no header length");
  uint64_t length = 0;
  for (size_t i = kLengthBytes; i-- > 0;) length = (length << 8) | static_cast<unsigned char>(bytes[i]);
  if (length > SafetensorsFile::kMaxHeaderBytes) {
    fail("tensor header claims " + std::to_string(length) + " bytes, more than the limit of " +
         std::to_string(SafetensorsFile::kMaxHeaderBytes));
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

std::map<std::string, TensorView, std::less<>> parse_safetensors(std::string_view bytes) {
  const uint64_t length = header_length(bytes);
  const std::vector<HeaderEntry> entries = parse_safetensors_header(bytes.substr(kLengthBytes, length));
  const std::string_view data = bytes.substr(kLengthBytes + length);
  std::map<std::string, TensorView, std::less<>> tensors;
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

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : path_(path), file_(path, ErrorKind::kModel) {
  try {
    tensors_ = parse_safetensors(file_.bytes());
  } catch (const Error& error) {
    throw error.at(path.string());
  }
}

const TensorView* SafetensorsFile::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

}  // namespace kiloword
