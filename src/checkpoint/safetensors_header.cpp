#include "checkpoint/safetensors_header.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using nlohmann::json;

constexpr const char* kRemedy = "download the model again";
/// Real headers nest three deep: a deeper one is an attack on the parser's stack.
constexpr int kMaxDepth = 8;
constexpr size_t kMaxListSize = 64;  // values in a shape or a pair of offsets, with room
constexpr std::string_view kMetadata = "__metadata__";
constexpr const char* kNoObject = "tensor header is not a JSON object";

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::kModel, what, "", kRemedy);
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
  if (const std::optional<TensorType> type = tensor_type_of(text)) return *type;
  fail("tensor \"" + name + "\" has the unknown dtype \"" + text + "\"");
}

std::vector<int64_t> parse_shape(const json& value, const std::string& name) {
  if (!value.is_array()) fail("tensor \"" + name + "\" has a shape that is not a list");
  std::vector<int64_t> shape;
  for (const json& dimension : value) {
    const uint64_t size =
        unsigned_number(dimension, name, "a shape with a dimension that is not a whole number >= 0");
    if (size > INT64_MAX) fail("tensor \"" + name + "\" has a shape that overflows");
    shape.push_back(static_cast<int64_t>(size));
  }
  return shape;
}

HeaderEntry parse_entry(const std::string& name, const json& value) {
  HeaderEntry entry;
  entry.name = name;
  entry.type = parse_type(member(value, "dtype", name), name);
  entry.shape = parse_shape(member(value, "shape", name), name);
  const json& offsets = member(value, "data_offsets", name);
  if (!offsets.is_array() || offsets.size() != 2)
    fail("tensor \"" + name + "\" has data_offsets that are not a pair");
  constexpr const char* kBadOffset = "a data offset that is not a whole number >= 0";
  entry.begin = unsigned_number(offsets[0], name, kBadOffset);
  entry.end = unsigned_number(offsets[1], name, kBadOffset);
  return entry;
}

/// Takes the header's entries while it is parsed and forgets them at once, so that a header needs no more
/// memory than its entries. A plain parse would also keep the last of two equal names silently.
class HeaderParser {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxDepth) fail("tensor header is nested too deeply");
    switch (event) {
      case json::parse_event_t::object_start:
        if (depth > 0) keys_.clear();
        break;
      case json::parse_event_t::array_start:
        if (depth == 0) fail(kNoObject);
        list_size_ = 0;
        break;
      case json::parse_event_t::key:
        see_key(depth, parsed.get_ref<const std::string&>());
        break;
      case json::parse_event_t::value:
        see_value(depth);
        break;
      case json::parse_event_t::array_end:
        if (depth == 1) fail("tensor \"" + name_ + "\" has an entry that is not an object");
        break;
      case json::parse_event_t::object_end:
        return see_object_end(depth, parsed);
    }
    return true;
  }

  std::vector<HeaderEntry> entries;

 private:
  void see_key(int depth, const std::string& key) {
    if (depth == 1) name_ = key;
    std::set<std::string>& seen = depth == 1 ? names_ : keys_;
    if (!seen.insert(key).second) fail("tensor header has \"" + key + "\" twice");
  }

  void see_value(int depth) {
    if (depth == 0) fail(kNoObject);
    if (depth == 1) fail("tensor \"" + name_ + "\" has an entry that is not an object");
    if (++list_size_ > kMaxListSize && name_ != kMetadata)
      fail("tensor \"" + name_ + "\" has a list that is too long");
  }

  bool see_object_end(int depth, const json& parsed) {
    if (depth != 1) return depth == 0;
    if (name_ != kMetadata) entries.push_back(parse_entry(name_, parsed));
    return false;
  }

  std::string name_;
  std::set<std::string> names_;
  std::set<std::string> keys_;
  size_t list_size_ = 0;
};

}  // namespace

std::vector<HeaderEntry> parse_safetensors_header(std::string_view text) {
  HeaderParser parser;
  try {
    const json rest = json::parse(text, std::ref(parser));
  } catch (const json::exception&) {
    fail("tensor header is not valid JSON");
  }
  return std::move(parser.entries);
}

}  // namespace kiloword
