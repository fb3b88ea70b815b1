#include "checkpoint/safetensors_header.h"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using nlohmann::json;

constexpr const char* kRemedy = "download the model again";
/// Real headers nest three deep: a deeper one is an attack on the parser's stack.
constexpr int kMaxDepth = 8;
constexpr size_t kMaxDimensions = 16;

constexpr std::pair<std::string_view, TensorType> kTypes[] = {
    {"BOOL", TensorType::kBool},        {"U8", TensorType::kU8},   {"I8", TensorType::kI8},
    {"F8_E4M3", TensorType::kF8E4M3},   {"I16", TensorType::kI16}, {"U16", TensorType::kU16},
    {"F8_E5M2", TensorType::kF8E5M2},   {"F16", TensorType::kF16}, {"BF16", TensorType::kBF16},
    {"I32", TensorType::kI32},          {"U32", TensorType::kU32}, {"F32", TensorType::kF32},
    {"I64", TensorType::kI64},          {"U64", TensorType::kU64}, {"F64", TensorType::kF64},
};

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorKind::kModel, what, "", kRemedy); }

/// Watches the parser for names that are given twice in one object (a plain parse keeps the last one silently)
/// and for nesting that no header has.
class ObjectKeys {
 public:
  void see(int depth, json::parse_event_t event, const json& parsed) {
    if (depth > kMaxDepth) fail("tensor header is nested too deeply");
    if (event == json::parse_event_t::object_start) keys_.emplace_back();
    if (event == json::parse_event_t::object_end && !keys_.empty()) keys_.pop_back();
    if (event == json::parse_event_t::key && !keys_.empty()) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys_.back().insert(key).second) fail("tensor header has \"" + key + "\" twice");
    }
  }

 private:
  std::vector<std::set<std::string>> keys_;
};

json parse_json(std::string_view text) {
  ObjectKeys keys;
  try {
    return json::parse(text, [&keys](int depth, json::parse_event_t event, json& parsed) {
      keys.see(depth, event, parsed);
      return true;
    });
  } catch (const json::exception&) {
    fail("tensor header is not valid JSON");
  }
}

const json& member(const json& entry, const char* key, const std::string& name) {
  const auto found = entry.find(key);
  if (found == entry.end()) fail("tensor \"" + name + "\" has no " + key);
  return *found;
}

uint64_t unsigned_number(const json& value, const std::string& name, const char* what) {
  if (!value.is_number_unsigned()) fail("tensor \"" + name + "\" has " + what);
  return value.get<uint64_t>();
}

TensorType parse_type(const json& value, const std::string& name) {
  if (!value.is_string()) fail("tensor \"" + name + "\" has a dtype that is not a string");
  const auto& text = value.get_ref<const std::string&>();
  for (const auto& [spelling, type] : kTypes) {
    if (spelling == text) return type;
  }
  fail("tensor \"" + name + "\" has the unknown dtype \"" + text + "\"");
}

std::vector<int64_t> parse_shape(const json& value, const std::string& name) {
  if (!value.is_array()) fail("tensor \"" + name + "\" has a shape that is not a list");
  if (value.size() > kMaxDimensions) fail("tensor \"" + name + "\" has too many dimensions");
  std::vector<int64_t> shape;
  for (const json& dimension : value) {
    const uint64_t size = unsigned_number(dimension, name, "a shape with a dimension that is not a whole number >= 0");
    if (size > INT64_MAX) fail("tensor \"" + name + "\" has a shape that overflows");
    shape.push_back(static_cast<int64_t>(size));
  }
  return shape;
}

HeaderEntry parse_entry(const std::string& name, const json& value) {
  if (!value.is_object()) fail("tensor \"" + name + "\" has an entry that is not an object");
  HeaderEntry entry;
  entry.name = name;
  entry.type = parse_type(member(value, "dtype", name), name);
  entry.shape = parse_shape(member(value, "shape", name), name);
  const json& offsets = member(value, "data_offsets", name);
  if (!offsets.is_array() || offsets.size() != 2) fail("tensor \"" + name + "\" has data_offsets that are not a pair");
  constexpr const char* kBadOffset = "a data offset that is not a whole number >= 0";
  entry.begin = unsigned_number(offsets[0], name, kBadOffset);
  entry.end = unsigned_number(offsets[1], name, kBadOffset);
  return entry;
}

}  // namespace

std::string_view tensor_type_name(TensorType type) {
  for (const auto& [spelling, known] : kTypes) {
    if (known == type) return spelling;
  }
  return "?";
}

std::vector<HeaderEntry> parse_safetensors_header(std::string_view text) {
  const json header = parse_json(text);
  if (!header.is_object()) fail("tensor header is not a JSON object");
  std::vector<HeaderEntry> entries;
  for (const auto& [name, value] : header.items()) {
    if (name != "__metadata__") entries.push_back(parse_entry(name, value));
  }
  return entries;
}

}  // namespace kiloword
