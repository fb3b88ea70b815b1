#include "batch/row_scan.h"

#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <optional>

#include "batch/modified_time.h"
#include "kiloword/base/base64.h"
#include "kiloword/base/file.h"
#include "kiloword/base/hash.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kBlockBytes = 1 << 16;
/// No row is as long; what is, is no row.
constexpr size_t kMaxRowBytes = 64 << 20;

constexpr char kSeparator = '\0';  // stands in no field

/// A path as a row states it exactly.
std::string exact_path(const std::string& path) {
  return is_valid_utf8(path) ? path : std::string(1, kSeparator) + base64(path);
}

/// The bytes of the path that `exact_path` states.
std::string plain_path(const std::string& exact_path) {
  if (exact_path.empty() || exact_path[0] != kSeparator) return exact_path;
  return decode_base64(std::string_view(exact_path).substr(1)).value_or(exact_path);
}

uint64_t identity_of(const std::string& exact_path, const std::string& stamp, const std::string& run) {
  return hash64(exact_path + kSeparator + stamp + kSeparator + run);
}

std::string stamp_text(uint64_t bytes, const std::string& modified) {
  return std::to_string(bytes) + kSeparator + modified;
}

/// Whether objects and lists stand in one another more deeply than in any row: who writes such a line anew
/// would run out of stack.
bool is_nested_deeply(std::string_view line) {
  constexpr int kMaxDepth = 64;
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

/// What `line` is known by, or none when it is no row of a batch.
std::optional<RowPlace> read_row(std::string_view line, const Shard& shard, std::optional<Shard>& other) {
  if (is_nested_deeply(line)) return std::nullopt;
  const Json json = Json::parse(line, nullptr, false);
  try {
    if (!json.is_object()) return std::nullopt;
    RowPlace place;
    place.length = static_cast<uint32_t>(line.size());
    place.failed = json.at("status") == "error";
    place.index = json.at("index").get_ref<const Json::number_unsigned_t&>();
    const std::string path = json.contains("path_base64")
                                 ? std::string(1, kSeparator) + json["path_base64"].get<std::string>()
                                 : json.at("path").get<std::string>();
    std::string stamp;
    if (json.contains("bytes")) {
      stamp = stamp_text(json["bytes"].get_ref<const Json::number_unsigned_t&>(),
                         json.at("modified").get<std::string>());
    }
    if (json.contains("shard")) {
      const std::optional<Shard> mark = shard_named(json["shard"].get<std::string>());
      if (!mark) return std::nullopt;
      place.marked = true;
      place.by_input = mark->by_input();
      if (place.by_input) place.listed_file = json.at("file").get_ref<const Json::number_unsigned_t&>();
      place.own = *mark == shard;
      if (!place.own && !other) other = mark;
    } else {
      place.own = !shard.by_input() && shard.contains(plain_path(path));
    }
    place.path_hash = hash64(path);
    place.identity = identity_of(path, stamp, json.at("run").get<std::string>());
    return place;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

RowScan scan_rows(int fd, uint64_t begin, const std::string& name, const Shard& shard) {
  RowScan scan;
  scan.end = begin;
  std::string buffer;  // what follows scan.end
  std::vector<char> block(kBlockBytes);
  uint64_t read_to = begin;
  for (;;) {
    const ssize_t count = ::pread(fd, block.data(), block.size(), static_cast<off_t>(read_to));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(ErrorKind::kOutput, "cannot read: " + errno_message(errno), name);
    if (count == 0) return scan;
    read_to += static_cast<uint64_t>(count);
    size_t searched = buffer.size();
    buffer.append(block.data(), static_cast<size_t>(count));
    size_t line_begin = 0;
    for (size_t end = 0; (end = buffer.find('\n', searched)) != std::string::npos; searched = line_begin) {
      const std::string_view line = std::string_view(buffer).substr(line_begin, end - line_begin);
      std::optional<RowPlace> place =
          line.size() <= kMaxRowBytes ? read_row(line, shard, scan.other) : std::nullopt;
      if (place) {
        place->offset = scan.end + line_begin;
        scan.rows.push_back(*place);
      } else {
        ++scan.broken_lines;
      }
      line_begin = end + 1;
    }
    buffer.erase(0, line_begin);
    scan.end += line_begin;
    if (buffer.size() > kMaxRowBytes) throw Error(ErrorKind::kOutput, "has lines that are not rows", name);
  }
}

uint64_t row_path_hash(const std::string& path) {
  return hash64(exact_path(path));
}

uint64_t row_identity(const BatchInput& input, const std::string& run) {
  const std::string stamp =
      input.stamp ? stamp_text(input.stamp->bytes, modified_time(input.stamp->mtime_ns)) : std::string();
  return identity_of(exact_path(input.path), stamp, run);
}

std::string without_shard(std::string_view row) {
  Json json = Json::parse(row);
  json.erase("shard");
  json.erase("file");
  return json.dump();
}

std::string with_index(std::string_view row, uint64_t index) {
  Json json = Json::parse(row);
  json["index"] = index;
  return json.dump();
}

std::string with_listed_file(std::string_view row, uint64_t listed_file) {
  Json json = Json::parse(row);
  json["file"] = listed_file;
  return json.dump();
}

}  // namespace kiloword
