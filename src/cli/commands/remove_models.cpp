#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "cli/output/table.h"
#include "kiloword/base/error.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/models/cache_removal.h"
#include "kiloword/models/hub_settings.h"
#include "kiloword/models/model_store.h"

namespace kiloword::cli {
namespace {

std::string total_size(const std::vector<RemovedPath>& paths) {
  uint64_t bytes = 0;
  for (const RemovedPath& item : paths) bytes += item.size_bytes;
  return human_size(bytes);
}

/// Removes `paths`, or prints them; says what that frees.
void remove_or_print(const std::string& what, const std::vector<RemovedPath>& paths, bool dry_run,
                     Console& console) {
  if (paths.empty()) return console.note(what + ": nothing to remove");
  if (!dry_run) {
    remove_paths(paths);
    return console.note(what + ": " + total_size(paths) + " removed");
  }
  for (const RemovedPath& item : paths) write_line(item.path.string());
  console.note(what + ": " + total_size(paths) + " would be removed");
}

/// What has to go for the model or image tower called `name` to be gone. Throws Error(kModel) where there
/// is nothing to remove.
std::vector<RemovedPath> paths_of(const std::string& name) {
  const std::filesystem::path folder = data_directory() / "models";
  if (const auto tower = find_tower(name, read_towers(folder))) return paths_of_tower(*tower);
  if (const auto bundled = bundled_folder(name, folder)) {
    throw Error(ErrorKind::kModel, "model " + quote(name) + " came with kiloword", bundled->string(),
                "it is part of the installation");
  }
  std::vector<RemovedPath> paths =
      paths_of_model(require_hub_model(name, folder), HubCache(hub_cache_folder()));
  if (paths.empty()) {
    throw Error(ErrorKind::kModel, "model " + quote(name) + " is not on this machine", "",
                "'kiloword models list' shows the models that can be removed");
  }
  return paths;
}

}  // namespace

int run_models_remove(const ModelsRemoveArguments& arguments, Console& console) {
  ExitCode code = ExitCode::kOk;
  for (const std::string& name : arguments.models) {
    try {
      remove_or_print(name, paths_of(name), arguments.dry_run, console);
    } catch (const Error& error) {  // the other models go all the same
      console.error(error);
      code = exit_code(error.kind());
    }
  }
  return static_cast<int>(code);
}

int run_models_prune(const ModelsPruneArguments& arguments, Console& console) {
  const HubCache cache(hub_cache_folder());
  const std::vector<RemovedPath> paths = leftover_paths(cache, std::filesystem::file_time_type::clock::now());
  remove_or_print(cache.folder().empty() ? "no cache" : cache.folder().string(), paths, arguments.dry_run,
                  console);
  return 0;
}

}  // namespace kiloword::cli
