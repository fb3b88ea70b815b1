#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/options.h"
#include "kiloword/clip/encoder.h"
#include "kiloword/lm/language_model.h"
#include "kiloword/models/model_store.h"
#include "kiloword/pipeline/captioner.h"
#include "kiloword/pipeline/prepared_image.h"
#include "kiloword/scoring/label_bank.h"

namespace kiloword::cli {

/// Cores to use: `requested`, or all there are for 0.
int thread_count(int requested);

/// A model that is ready to use.
struct LoadedModel {
  ModelEntry entry;
  std::unique_ptr<ImageTextEncoder> encoder;
};

/// Loads what --model names; with -v the time is told.
LoadedModel load_model(const ModelOptions& options, Console& console);

/// A language model that is ready to use.
struct LoadedLanguageModel {
  ModelEntry entry;
  std::unique_ptr<LanguageModel> model;
};

/// Loads what --lm names; with -v the time is told.
LoadedLanguageModel load_language_model(const std::string& name, const ComputeOptions& compute,
                                        Console& console);

/// The label sets named (or the model's own default ones), embedded or taken from the cache, with the
/// examples that were added to them. Those that `limits` leaves no time for are told on stderr.
LabelBank load_label_bank(const std::vector<std::string>& names, const LoadedModel& model, Console& console,
                          const EmbeddingLimits& limits = {});

/// Hands every image to `use`, in order. An image that cannot be used goes to `use` as well; its error is
/// told on stderr first. Returns the exit code: 0, or 1 when some inputs failed.
int for_each_input(const InputOptions& options, const ModelOptions& model_options, const PreprocessSpec& spec,
                   Console& console, const std::function<void(const PreparedImage&)>& use,
                   const Writing& writing = {});

}  // namespace kiloword::cli
