#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kiloword/base/observer.h"
#include "kiloword/decision/rank_rule.h"
#include "kiloword/model/compute_options.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"
#include "kiloword/models/model_store.h"
#include "kiloword/scoring/label_bank.h"

namespace kiloword {

/// A model that is ready to use.
struct LoadedModel {
  ModelEntry entry;
  std::unique_ptr<ImageTextEncoder> encoder;
};

/// Loads the model that find_model() finds by `name`. Throws Error(kModel).
LoadedModel open_model(const std::string& name, const ComputeOptions& compute, Observer& observer);

/// A language model that is ready to use.
struct LoadedLanguageModel {
  ModelEntry entry;
  std::unique_ptr<LanguageModel> model;
};

/// Loads the language model that find_model() finds by `name`. Throws Error(kModel).
LoadedLanguageModel open_language_model(const std::string& name, const ComputeOptions& compute,
                                        Observer& observer);

/// Adds to each of `sets` its examples for `model`, and the labels that only they define. Examples for
/// another model or precision are ignored, which is reported as a detail.
void attach_examples(std::vector<ChosenLabelSet>& sets, const LoadedModel& model, Observer& observer);

/// The label sets named (or the model's own default ones) with the examples that were added to them, embedded
/// or taken from the cache, and with their calibrations where `rule` asks for them. Throws Error(kLabels). Of
/// the model's own sets, those that exceed `limits` are omitted, which is reported as a note.
LabelBank open_label_bank(const std::vector<std::string>& names, const LoadedModel& model, RankRule rule,
                          Observer& observer, const EmbeddingLimits& limits = {});

}  // namespace kiloword
