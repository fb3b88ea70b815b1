#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/engine/engine.h"
#include "kiloword/engine/loaded_model.h"
#include "kiloword/pipeline/encoded_image.h"

namespace kiloword {

/// The parts of an engine, for kiloword's own commands. All networks are safe to share between threads.
struct EngineParts {
  EngineParts(EngineOptions how, Observer* who)
      : options(std::move(how)), observer(who == nullptr ? silent : *who) {}

  ImageTextEncoder& encoder() const { return *model.encoder; }
  /// The encoder's own decoder for descriptions. Throws Error(kUsage) where it has none.
  DescriptionModel& description_model() const;

  /// The bank of the label sets `names` (see open_label_bank), made on first use, and again if sets were
  /// omitted.
  std::shared_ptr<const LabelBank> label_bank(const std::vector<std::string>& names, RankRule rule,
                                              const EmbeddingLimits& limits = {});

  /// Another model for this engine's images, opened with the same options on first use.
  std::shared_ptr<const LoadedModel> other_model(const std::string& name);

  /// Warns the observer of `texts` that the model truncates; returns the warnings.
  std::vector<std::string> warn_of_cut_texts(const std::vector<std::string>& texts);

  /// How images are decoded and encoded: on all cores, with as many concurrent calls as suit the network.
  EncodeOptions encoding(PrepareOptions prepare = {}) const;

  EngineOptions options;
  Observer silent;
  Observer& observer;
  LoadedModel model;
  LoadedLanguageModel language_model;  ///< null without one

 private:
  using BankKey = std::pair<std::vector<std::string>, RankRule>;

  std::mutex observer_mutex_;  ///< one call of the observer at a time
  std::map<BankKey, std::shared_ptr<const LabelBank>> banks_;
  std::map<std::string, std::shared_ptr<const LoadedModel>> others_;
};

}  // namespace kiloword
