#include "kiloword/engine/calibration_store.h"

#include <unistd.h>

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// Beside the model; empty for a model that is a single file.
fs::path model_place(const ModelEntry& model, const std::string& set) {
  std::error_code ignored;
  if (!fs::is_directory(model.folder, ignored)) return {};
  return model.folder / "calibration" / (set + ".json");
}

fs::path user_place(const EmbeddedLabelSet& set) {
  const fs::path folder = user_data_directory();
  return folder.empty() ? folder : folder / "calibration" / (set.key + ".json");
}

/// What `path` holds, if it is there and whole.
std::optional<StoredCalibration> read_calibration(const fs::path& path, Observer& observer) {
  std::error_code ignored;
  if (path.empty() || !fs::exists(path, ignored)) return std::nullopt;
  try {
    return parse_calibration(read_file(path, kMaxCalibrationBytes, ErrorKind::kLabels), path);
  } catch (const Error& error) {
    observer.warning(std::string(error.what()) + "; the set is ranked by probability");
    return std::nullopt;
  }
}

/// Whether the numbers of `stored` are those of `set` under the model. `shipped`: it came with the model, and
/// needs no fingerprint. The model's, which reads all of its weights, is only asked for where the rest fits.
bool applies(const StoredCalibration& stored, const EmbeddedLabelSet& set, const ImageTextEncoder& encoder,
             bool shipped) {
  constexpr double kTolerance = 1e-4;  // of the scale, which went through a file
  const std::vector<Label>& labels = set.chosen.set.labels;
  if (stored.embeddings_key != set.key || stored.labels.size() != labels.size()) return false;
  const float logit_scale = encoder.logit_multiplier();
  if (std::abs(stored.logit_scale - logit_scale) > kTolerance * logit_scale) return false;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (stored.labels[i] != labels[i].name) return false;
  }
  return stored.fingerprint.empty() ? shipped : stored.fingerprint == encoder.fingerprint();
}

}  // namespace

void apply_calibrations(LabelBank& bank, const ModelEntry& model, const ImageTextEncoder& encoder,
                        RankRule rule, Observer& observer) {
  if (rule != RankRule::kCalibrated) return;
  for (size_t i = 0; i < bank.sets().size(); ++i) {
    const EmbeddedLabelSet& set = bank.sets()[i];
    const std::string& name = set.chosen.set.name;
    for (const fs::path& path : {user_place(set), model_place(model, name)}) {
      const std::optional<StoredCalibration> stored = read_calibration(path, observer);
      if (!stored) continue;
      const bool shipped = model.bundled && path == model_place(model, name);
      if (applies(*stored, set, encoder, shipped)) {
        observer.detail("label set " + name + " is calibrated by " + path.string());
        bank.calibrate(i, std::make_shared<const SetCalibration>(stored->calibration));
        break;
      }
      observer.detail(path.string() + " is for another state of the model or of label set " + name);
    }
    if (!set.calibration)
      observer.detail("label set " + name + " has no calibration: it is ranked by probability");
  }
}

fs::path calibration_destination(const ModelEntry& model, const EmbeddedLabelSet& set) {
  fs::path beside = model_place(model, set.chosen.set.name);
  const bool own = !beside.empty() && !model.bundled && !model.hub_model;
  if (own && ::access(model.folder.c_str(), W_OK) == 0) return beside;
  fs::path user = user_place(set);
  if (user.empty()) {
    throw Error(ErrorKind::kOutput, "no place for the calibration", "", "set HOME, or name a file with -o");
  }
  return user;
}

}  // namespace kiloword
