#include "kiloword/engine/loaded_model.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/text.h"
#include "kiloword/clip/load_encoder.h"
#include "kiloword/engine/calibration_store.h"
#include "kiloword/engine/example_store.h"
#include "kiloword/labels/catalog.h"
#include "kiloword/lm/load_language_model.h"
#include "kiloword/scoring/embedding_cache.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

class Stopwatch {
 public:
  std::string text() const {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    char buffer[32];  // NOLINT(modernize-avoid-c-arrays): snprintf's
    std::snprintf(buffer, sizeof buffer, "%.2f s", seconds);
    return buffer;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

LabelBank embed_label_sets(std::vector<ChosenLabelSet> sets, const LoadedModel& model, Observer& observer,
                           const EmbeddingLimits& limits) {
  const Stopwatch watch;
  const fs::path cache = cache_directory();
  LabelBank bank(
      std::move(sets), *model.encoder, EmbeddingCache(cache.empty() ? cache : cache / "labels"),
      [&observer](int64_t done, int64_t total) {
        observer.progress("embedding label texts, once for this model and these labels", done, total);
      },
      limits);
  observer.progress_ended();
  size_t labels = 0;
  for (const EmbeddedLabelSet& set : bank.sets()) labels += set.chosen.set.labels.size();
  observer.detail(std::to_string(bank.sets().size()) + " label sets with " + std::to_string(labels) +
                  " labels ready in " + watch.text() + ", " + std::to_string(bank.texts_encoded()) +
                  " texts encoded");
  const std::string left_out = joined(bank.left_out(), ", ");
  if (!left_out.empty()) {
    observer.note("not used yet, since embedding them takes more than " +
                  std::to_string(std::lround(limits.seconds)) + " s, once for this model: " + left_out +
                  "; 'kiloword labels build' or --wait makes them ready");
  }
  return bank;
}

/// Whatever is looked for in a folder that is not there, it is the folder that is missing.
void require_data_folder(const std::string& name) {
  const fs::path folder = data_directory();
  std::error_code ignored;
  if (fs::is_directory(folder, ignored) || fs::exists(name, ignored)) return;
  throw Error(ErrorKind::kModel, "no such folder of models and labels", folder.string(),
              std::getenv("KILOWORD_DATA") != nullptr ? "unset KILOWORD_DATA, or set it to another folder"
                                                      : "install kiloword again");
}

}  // namespace

LoadedModel open_model(const std::string& name, const ComputeOptions& compute, Observer& observer) {
  const Stopwatch watch;
  require_data_folder(name);
  LoadedModel model;
  model.entry = find_model(name, data_directory() / "models");
  if (!model.entry.note.empty()) observer.note(model.entry.note);
  model.encoder = load_image_text_encoder(model.entry.folder, compute);
  observer.detail("loaded model " + model.entry.name + " in " + watch.text());
  return model;
}

LoadedLanguageModel open_language_model(const std::string& name, const ComputeOptions& compute,
                                        Observer& observer) {
  const Stopwatch watch;
  LoadedLanguageModel loaded;
  loaded.entry = find_model(name, data_directory() / "models");
  loaded.model = load_language_model(loaded.entry.folder, compute);
  observer.detail("loaded language model " + loaded.entry.name + " in " + watch.text());
  return loaded;
}

void attach_examples(std::vector<ChosenLabelSet>& sets, const LoadedModel& model, Observer& observer) {
  for (ChosenLabelSet& chosen : sets) {
    const fs::path folder = examples_folder(chosen.set);
    if (example_files(folder).empty()) continue;  // the model's fingerprint costs reading its weights
    const std::string& fingerprint = model.encoder->fingerprint();
    const fs::path file = examples_file(folder, fingerprint);
    std::optional<SetExamples> examples = read_examples(file);
    if (!examples) {
      observer.detail("label set " + chosen.set.name +
                      " has examples, but of another model or precision: they do not count");
      continue;
    }
    if (examples->model_fingerprint != fingerprint ||
        examples->dim != static_cast<size_t>(model.encoder->embedding_dim())) {
      throw Error(ErrorKind::kLabels, "examples of another model", file.string(),
                  "remove the file, and add the examples anew with 'kiloword labels add-example'");
    }
    observer.detail("label set " + chosen.set.name + " has examples of " +
                    std::to_string(examples->labels.size()) + " labels in " + file.string());
    add_example_labels(chosen.set, *examples);
    chosen.examples = std::make_shared<const SetExamples>(std::move(*examples));
  }
}

LabelBank open_label_bank(const std::vector<std::string>& names, const LoadedModel& model, RankRule rule,
                          Observer& observer, const EmbeddingLimits& limits) {
  const std::vector<std::string>& chosen = names.empty() ? model.entry.default_labels : names;
  std::vector<ChosenLabelSet> sets = resolve_label_sets(chosen, data_directory() / "labels");
  attach_examples(sets, model, observer);
  LabelBank bank =
      embed_label_sets(std::move(sets), model, observer, names.empty() ? limits : EmbeddingLimits());
  for (const EmbeddedLabelSet& set : bank.sets()) {
    if (set.warning) observer.warning(*set.warning);
  }
  apply_calibrations(bank, model.entry, *model.encoder, rule, observer);
  return bank;
}

}  // namespace kiloword
