#include "checkpoint/shard_index.h"

#include <nlohmann/json.hpp>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

constexpr uint64_t kMaxIndexBytes = 16 << 20;
constexpr int kMaxDepth = 8;

bool is_plain_name(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

}  // namespace

ShardIndex read_shard_index(const std::filesystem::path& path) {
  using nlohmann::json;
  const auto fail = [&path](const std::string& what) {
    throw Error(ErrorKind::kModel, what, path.string(), "download the model again");
  };
  const std::string text = read_file(path, kMaxIndexBytes, ErrorKind::kModel);
  bool too_deep = false;
  const json index = json::parse(
      text,
      [&too_deep](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > kMaxDepth;
        return !too_deep;
      },
      /*allow_exceptions=*/false);
  if (too_deep || !index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object())
    fail("index of a checkpoint has no weight_map");
  ShardIndex files;
  for (const auto& [tensor, file] : index["weight_map"].items()) {
    if (!file.is_string() || !is_plain_name(file.get_ref<const std::string&>()))
      fail("weight_map names no file beside it for tensor \"" + tensor + "\"");
    files[file.get<std::string>()].push_back(tensor);
  }
  if (files.empty()) fail("weight_map is empty");
  return files;
}

}  // namespace kiloword
