#include "batch/shard_mark.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/batch/merge.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMaxMarkBytes = 1 << 16;

}  // namespace

std::string shard_mark_path(const std::string& output) {
  return output + ".done";
}

void write_shard_mark(const std::string& output, const Shard& shard, const ListingCount& listing,
                      const std::string& run) {
  const ShardMark mark{shard, listing.all, listing.in_shard, std::to_string(listing.checksum), run};
  write_file_atomically(shard_mark_path(output), shard_mark_json(mark) + "\n");
}

void remove_shard_mark(const std::string& output) {
  std::error_code ignored;
  if (!std::filesystem::exists(shard_mark_path(output), ignored)) return;
  const std::string content = read_file(shard_mark_path(output), kMaxMarkBytes, ErrorKind::kUsage);
  // A mark of an earlier version, or a damaged one, goes; a note that somebody has made stays.
  if (!content.empty() && content.front() != '{') {
    throw Error(ErrorKind::kUsage, "has the name of the output's mark file, but is not one",
                shard_mark_path(output), "move it, or write to another file");
  }
  if (::unlink(shard_mark_path(output).c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    throw Error(ErrorKind::kOutput, "cannot remove: " + errno_message(errno), shard_mark_path(output));
  }
}

void refuse_mark_of_other_shard(const std::string& output, const Shard& shard) {
  std::optional<ShardMark> mark;
  try {
    mark = read_shard_mark(output);
  } catch (const Error&) {
    return;  // whatever it was, the run will write another one
  }
  if (!mark || mark->shard == shard) return;
  throw Error(ErrorKind::kUsage, "holds shard " + mark->shard.text() + ", not " + shard.text(), output,
              "resume it with its own --shard, or name another file");
}

std::optional<ShardMark> read_shard_mark(const std::string& output) {
  const std::string path = shard_mark_path(output);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  return parse_shard_mark(read_file(path, kMaxMarkBytes, ErrorKind::kInput), path);
}

ShardMark parse_shard_mark(std::string_view content, const std::string& where) {
  const Json json = Json::parse(content, nullptr, /*allow_exceptions=*/false);
  try {
    const std::optional<Shard> shard = shard_named(json.at("shard").get<std::string>());
    ShardMark mark{shard.value_or(Shard()), json.at("inputs").get_ref<const Json::number_unsigned_t&>(),
                   json.at("inputs_in_shard").get_ref<const Json::number_unsigned_t&>(),
                   json.at("listing").get<std::string>(), json.at("run").get<std::string>()};
    if (shard && (shard->by_input() || mark.inputs_in_shard <= mark.inputs)) return mark;
  } catch (const Json::exception&) {
    // told below
  }
  throw Error(ErrorKind::kInput, "the mark of a finished shard is damaged", where,
              "run that shard once more with --resume");
}

std::string shard_mark_json(const ShardMark& mark) {
  Json json;
  json["shard"] = mark.shard.text();
  json["inputs"] = mark.inputs;
  json["inputs_in_shard"] = mark.inputs_in_shard;
  json["listing"] = mark.listing;
  json["run"] = mark.run;
  return json.dump();
}

}  // namespace kiloword
