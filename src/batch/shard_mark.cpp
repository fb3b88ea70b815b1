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

std::string mark_path(const std::string& output) {
  return output + ".done";
}

}  // namespace

void write_shard_mark(const std::string& output, const Shard& shard, const ListingCount& listing,
                      const std::string& run) {
  Json json;
  json["shard"] = shard.text();
  json["inputs"] = listing.all;
  json["inputs_in_shard"] = listing.in_shard;
  json["listing"] = std::to_string(listing.checksum);
  json["run"] = run;
  write_file_atomically(mark_path(output), json.dump() + "\n");
}

void remove_shard_mark(const std::string& output) {
  if (::unlink(mark_path(output).c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    throw Error(ErrorKind::kOutput, "cannot remove: " + errno_message(errno), mark_path(output));
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
              "resume it with the --shard that it was made with, or name another file");
}

std::optional<ShardMark> read_shard_mark(const std::string& output) {
  const std::string path = mark_path(output);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  try {
    const Json json = Json::parse(read_file(path, kMaxMarkBytes, ErrorKind::kInput));
    ShardMark mark;
    mark.shard = shard_named(json.at("shard").get<std::string>()).value_or(Shard{0, 0});
    mark.inputs = json.at("inputs").get<uint64_t>();
    mark.inputs_in_shard = json.at("inputs_in_shard").get<uint64_t>();
    mark.listing = json.at("listing").get<std::string>();
    mark.run = json.at("run").get<std::string>();
    if (mark.shard.count > 0) return mark;
  } catch (const Json::exception&) {
    // told below
  }
  throw Error(ErrorKind::kInput, "the mark of a finished shard cannot be understood", path,
              "run that shard once more with --resume");
}

}  // namespace kiloword
