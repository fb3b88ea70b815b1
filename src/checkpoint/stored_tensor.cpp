#include "checkpoint/stored_tensor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using Kind = PickleNode::Kind;

constexpr size_t kMaxDimensions = 8;

constexpr std::pair<std::string_view, TensorType> kStorages[] = {
    {"torch FloatStorage", TensorType::kF32},     {"torch HalfStorage", TensorType::kF16},
    {"torch BFloat16Storage", TensorType::kBF16}, {"torch DoubleStorage", TensorType::kF64},
    {"torch LongStorage", TensorType::kI64},      {"torch IntStorage", TensorType::kI32},
    {"torch ShortStorage", TensorType::kI16},     {"torch CharStorage", TensorType::kI8},
    {"torch ByteStorage", TensorType::kU8},       {"torch BoolStorage", TensorType::kBool},
};

[[noreturn]] void fail_about(const std::string& subject, const std::string& what) {
  throw Error(ErrorKind::kModel, subject + " " + what, "", "download the model again");
}

std::string quoted_tensor(const std::string& name) {
  return "tensor \"" + name + "\"";
}

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  fail_about(quoted_tensor(name), what);
}

std::string callee_of(const Pickle& pickle, const PickleNode& call) {
  return pickle.at(call.children[0]).text;
}

const std::vector<uint32_t>& arguments_of(const Pickle& pickle, const PickleNode& call) {
  return pickle.at(call.children[1]).children;
}

/// Whole numbers >= 0 of a tuple.
std::vector<uint64_t> numbers_of(const PickleNode& tuple, const Pickle& pickle, const std::string& name) {
  if (tuple.kind != Kind::kSequence || tuple.children.size() > kMaxDimensions)
    fail(name, "has no usable shape");
  std::vector<uint64_t> numbers;
  for (const uint32_t child : tuple.children) {
    const PickleNode& node = pickle.at(child);
    if (node.kind != Kind::kInteger || node.integer < 0) fail(name, "has no usable shape");
    numbers.push_back(static_cast<uint64_t>(node.integer));
  }
  return numbers;
}

/// How a tensor lies in its storage, in elements.
struct Layout {
  std::vector<uint64_t> sizes;
  std::vector<uint64_t> strides;
  uint64_t begin = 0;
  uint64_t count = 1;  ///< elements of the tensor
  uint64_t end = 0;    ///< one past the last element in the storage
};

Layout read_layout(const Pickle& pickle, const std::vector<uint32_t>& arguments, const std::string& name) {
  const PickleNode& offset = pickle.at(arguments[1]);
  if (offset.kind != Kind::kInteger || offset.integer < 0) fail(name, "begins before its storage");
  Layout layout;
  layout.begin = static_cast<uint64_t>(offset.integer);
  layout.sizes = numbers_of(pickle.at(arguments[2]), pickle, name);
  layout.strides = numbers_of(pickle.at(arguments[3]), pickle, name);
  if (layout.sizes.size() != layout.strides.size()) fail(name, "has no usable shape");
  uint64_t last = layout.begin;
  bool overflows = false;
  for (size_t i = 0; i < layout.sizes.size(); ++i) {
    overflows = overflows || __builtin_mul_overflow(layout.count, layout.sizes[i], &layout.count);
    uint64_t span = 0;
    overflows = overflows || (layout.sizes[i] > 0 &&
                              (__builtin_mul_overflow(layout.sizes[i] - 1, layout.strides[i], &span) ||
                               __builtin_add_overflow(last, span, &last)));
  }
  if (overflows || last == UINT64_MAX) fail(name, "has a shape that overflows");
  layout.end = layout.count == 0 ? layout.begin : last + 1;
  return layout;
}

bool is_row_by_row(const Layout& layout) {
  uint64_t expected = 1;
  for (size_t i = layout.sizes.size(); i-- > 0;) {
    if (layout.sizes[i] != 1 && layout.strides[i] != expected) return false;
    expected *= layout.sizes[i];
  }
  return true;
}

/// The elements in the order of their indices, of which the last counts fastest.
std::string in_order(const Layout& layout, std::string_view storage, uint64_t element) {
  std::string bytes(layout.count * element, '\0');
  std::vector<uint64_t> index(layout.sizes.size(), 0);
  uint64_t from = layout.begin;
  for (uint64_t to = 0; to < layout.count; ++to) {
    std::memcpy(bytes.data() + to * element, storage.data() + from * element, element);
    for (size_t d = layout.sizes.size(); d-- > 0;) {
      from += layout.strides[d];
      if (++index[d] < layout.sizes[d]) break;
      from -= layout.strides[d] * layout.sizes[d];
      index[d] = 0;
    }
  }
  return bytes;
}

}  // namespace

StorageId read_storage_id(const Pickle& pickle, const PickleNode& node, const std::string& subject) {
  constexpr size_t kFields = 5;
  if (node.kind != Kind::kPersistent) fail_about(subject, "has no storage");
  const PickleNode& id = pickle.at(node.children[0]);
  if (id.kind != Kind::kSequence || id.children.size() < kFields ||
      pickle.at(id.children[0]).text != "storage")
    fail_about(subject, "has no storage");
  const PickleNode& elements = pickle.at(id.children[4]);
  if (elements.kind != Kind::kInteger || elements.integer < 0) fail_about(subject, "has no usable storage");
  const bool is_part = id.children.size() > kFields && pickle.at(id.children[kFields]).kind != Kind::kNone;
  if (is_part) fail_about(subject, "is a part of another storage, which PyTorch before 0.4 wrote");
  const std::string& type_name = pickle.at(id.children[1]).text;
  for (const auto& [known, type] : kStorages) {
    if (known == type_name)
      return {type, pickle.at(id.children[2]).text, static_cast<uint64_t>(elements.integer)};
  }
  fail_about(subject, "has the unknown storage type \"" + type_name + "\"");
}

uint32_t find_tensor(const Pickle& pickle, uint32_t index) {
  constexpr int kMaxWrappers = 4;
  constexpr size_t kRebuildArguments = 4;
  for (int i = 0; i < kMaxWrappers; ++i) {
    const PickleNode& node = pickle.at(index);
    if (node.kind != Kind::kCall) return UINT32_MAX;
    const std::string callee = callee_of(pickle, node);
    const std::vector<uint32_t>& arguments = arguments_of(pickle, node);
    if (callee == "torch._utils _rebuild_tensor_v2" || callee == "torch._utils _rebuild_tensor")
      return arguments.size() >= kRebuildArguments ? index : UINT32_MAX;
    const bool wraps =
        callee == "torch._utils _rebuild_parameter" || callee == "torch._utils _rebuild_parameter_with_state";
    if (!wraps || arguments.empty()) return UINT32_MAX;
    index = arguments[0];
  }
  return UINT32_MAX;
}

TensorView stored_tensor(const Pickle& pickle, uint32_t index, const std::string& name,
                         const StorageOf& storage_of, std::deque<std::string>& copies) {
  const std::vector<uint32_t>& arguments = arguments_of(pickle, pickle.at(index));
  const StorageId storage = read_storage_id(pickle, pickle.at(arguments[0]), quoted_tensor(name));
  const std::string_view bytes = storage_of(storage.key);
  const Layout layout = read_layout(pickle, arguments, name);
  const uint64_t element = element_bytes(storage.type);
  const uint64_t stored = bytes.size() / element;
  if (layout.end > stored || layout.count > stored) {
    fail(name, "reaches to element " + std::to_string(std::max(layout.end, layout.count)) +
                   " of a storage that has " + std::to_string(stored));
  }
  TensorView view;
  view.type = storage.type;
  view.shape.assign(layout.sizes.begin(), layout.sizes.end());
  if (is_row_by_row(layout)) {
    view.bytes = bytes.substr(layout.begin * element, layout.count * element);
  } else {
    view.bytes = copies.emplace_back(in_order(layout, bytes, element));
  }
  return view;
}

}  // namespace kiloword
