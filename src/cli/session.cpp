#include "cli/session.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>
#include <utility>

#include "cli/example_store.h"
#include "cli/inputs.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/utf8.h"
#include "kiloword/labels/catalog.h"
#include "kiloword/scoring/embedding_cache.h"
#include "kiloword/scoring/embedding_report.h"

namespace kiloword::cli {
namespace {

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

}  // namespace

int thread_count(int requested) {
  return requested > 0 ? requested : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

LoadedModel load_model(const ModelOptions& options, Console& console) {
  const Stopwatch watch;
  LoadedModel model;
  model.entry = find_model(options.model, data_directory() / "models");
  if (!model.entry.note.empty()) console.note(model.entry.note);
  model.encoder = load_image_text_encoder(model.entry.folder, options.compute);
  console.detail("loaded model " + model.entry.name + " in " + watch.text());
  return model;
}

LoadedLanguageModel load_language_model(const std::string& name, const ComputeOptions& compute,
                                        Console& console) {
  const Stopwatch watch;
  LoadedLanguageModel loaded;
  loaded.entry = find_model(name, data_directory() / "models");
  loaded.model = kiloword::load_language_model(loaded.entry.folder, compute);
  console.detail("loaded language model " + loaded.entry.name + " in " + watch.text());
  return loaded;
}

LabelBank load_label_bank(const std::vector<std::string>& names, const LoadedModel& model, Console& console,
                          const EmbeddingLimits& limits) {
  const Stopwatch watch;
  const std::vector<std::string>& chosen = names.empty() ? model.entry.default_labels : names;
  const std::filesystem::path cache = cache_directory();
  std::vector<ChosenLabelSet> sets = resolve_label_sets(chosen, data_directory() / "labels");
  attach_examples(sets, model, console);
  EmbeddingReport report;
  LabelBank bank(
      std::move(sets), *model.encoder, EmbeddingCache(cache.empty() ? cache : cache / "labels"),
      [&, in_place = ::isatty(STDERR_FILENO) == 1](int64_t done, int64_t total) {
        const std::string text = report.text(done, total);
        if (in_place) {
          console.progress().show(text);
        } else if (!console.options().no_progress && report.is_due()) {
          console.note(text);
        }
      },
      limits);
  console.progress().clear();
  size_t labels = 0;
  for (const EmbeddedLabelSet& set : bank.sets()) labels += set.chosen.set.labels.size();
  console.detail(std::to_string(bank.sets().size()) + " label sets with " + std::to_string(labels) +
                 " labels ready in " + watch.text() + ", " + std::to_string(bank.texts_encoded()) +
                 " texts encoded");
  std::string left_out;
  for (const std::string& name : bank.left_out()) left_out += (left_out.empty() ? "" : ", ") + name;
  if (!left_out.empty()) {
    console.note("not said yet, since embedding them takes more than " +
                 std::to_string(std::lround(limits.seconds)) +
                 " s, once for this model: " + printable(left_out) + "; --wait waits for them");
  }
  return bank;
}

int for_each_input(const InputOptions& options, const ModelOptions& model_options, const PreprocessSpec& spec,
                   Console& console, const std::function<void(const PreparedImage&)>& use,
                   const Writing& writing) {
  bool some_failed = false;
  for_each_prepared_image(
      collect_inputs(options), spec, options.limits, thread_count(model_options.compute.threads),
      [&](const PreparedImage& image) {
        if (image.error) {
          some_failed = true;
          console.error(*image.error);
        }
        use(image);
      },
      writing);
  return some_failed ? 1 : 0;
}

}  // namespace kiloword::cli
