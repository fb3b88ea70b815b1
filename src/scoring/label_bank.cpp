#include "kiloword/scoring/label_bank.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/hash.h"
#include "kiloword/labels/label_set.h"
#include "kiloword/scoring/cut_text.h"
#include "kiloword/scoring/example_mix.h"
#include "kiloword/scoring/similarity.h"
#include "scoring/set_embedder.h"

namespace kiloword {
namespace {

/// The rows that `embeddings` of a set are stored in: labels first, negatives behind them.
int64_t row_count(const LabelSet& set) {
  return static_cast<int64_t>(set.labels.size() + set.negatives.size());
}

/// Identifies the embeddings of `set` under `encoder` by everything they are computed from.
std::string cache_key(const LabelSet& set, const ImageTextEncoder& encoder) {
  Fingerprint fingerprint;
  fingerprint.add(encoder.text_fingerprint());
  for (const Label& label : set.labels) {
    if (!label.has_text) fingerprint.add("no text");
    for (const std::string& text : label_prompts(set, label)) fingerprint.add(text);
  }
  fingerprint.add("negatives");
  for (const std::string& text : set.negatives) fingerprint.add(text);
  return fingerprint.hex();
}

Embeddings copy_rows(const Embeddings& all, int64_t first, int64_t last) {
  return {last - first, all.dim, std::vector<float>(all.row(first), all.row(last))};
}

/// The cache holds texts alone; examples come in behind it, so that it never holds what they made.
void add_examples(EmbeddedLabelSet& embedded) {
  if (!embedded.chosen.examples) return;
  const SetExamples& examples = *embedded.chosen.examples;
  mix_examples(embedded.chosen.set, examples, embedded.negatives, embedded.labels);
  embedded.key =
      Fingerprint().add(embedded.key).add(examples_fingerprint(examples)).add(kExampleMixVersion).hex();
}

/// Hypernyms change no embedding, but what a calibration of the set is: its key tells them.
void add_tree(EmbeddedLabelSet& embedded) {
  embedded.tree = LabelTree::of(embedded.chosen.set);
  if (!embedded.tree) return;
  Fingerprint fingerprint;
  fingerprint.add(embedded.key).add("is-a");
  for (size_t i = 0; i < embedded.tree->size(); ++i) {
    const std::optional<size_t> hypernym = embedded.tree->hypernym(i);
    fingerprint.add(hypernym ? std::to_string(*hypernym) : "");
  }
  embedded.key = fingerprint.hex();
}

void add_calibration(const SetCalibration& calibration, Fingerprint& fingerprint) {
  const auto add = [&fingerprint](const double* values, size_t count) {
    fingerprint.add({reinterpret_cast<const char*>(values), count * sizeof(double)});
  };
  fingerprint.add("calibration");
  add(calibration.means.data(), calibration.means.size());
  add(calibration.deviations.data(), calibration.deviations.size());
  add(calibration.offsets.data(), calibration.offsets.size());
  for (const double value : {calibration.logit_weight, calibration.z_weight, calibration.cosine_weight,
                             calibration.bias, calibration.min_confidence}) {
    add(&value, 1);
  }
}

/// Whether the last part of the set's name is one of `names`.
bool is_first(const ChosenLabelSet& chosen, const std::vector<std::string>& names) {
  const std::string& name = chosen.set.name;
  const std::string last = name.substr(name.rfind('/') + 1);  // of npos: the whole name
  return std::find(names.begin(), names.end(), last) != names.end();
}

/// The numbers of `sets`, those of is_first() before the others.
std::vector<size_t> first_ones_first(const std::vector<ChosenLabelSet>& sets,
                                     const std::vector<std::string>& names) {
  std::vector<size_t> order(sets.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](size_t i) { return is_first(sets[i], names); });
  return order;
}

/// Removes the sets that have no embeddings and those that hang on them, and returns their names.
std::vector<std::string> leave_out(std::vector<ChosenLabelSet>& sets, std::vector<std::string>& keys,
                                   std::vector<std::optional<Embeddings>>& embedded) {
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < sets.size(); ++i) {
      if (!embedded[i] || !sets[i].gate || embedded[sets[i].gate->set]) continue;
      embedded[i].reset();
      changed = true;
    }
  }
  std::vector<std::string> names;
  std::vector<size_t> new_number(sets.size());
  size_t kept = 0;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (!embedded[i]) {
      names.push_back(sets[i].set.name);
      continue;
    }
    new_number[i] = kept;
    if (kept != i) {
      sets[kept] = std::move(sets[i]);
      keys[kept] = std::move(keys[i]);
      embedded[kept] = std::move(embedded[i]);
    }
    ++kept;
  }
  sets.resize(kept);
  for (ChosenLabelSet& chosen : sets) {
    if (chosen.gate) chosen.gate->set = new_number[chosen.gate->set];
  }
  return names;
}

}  // namespace

LabelBank::LabelBank(std::vector<ChosenLabelSet> sets, ImageTextEncoder& encoder, const EmbeddingCache& cache,
                     const EmbeddingProgress& progress, const EmbeddingLimits& limits) {
  std::vector<std::optional<Embeddings>> embedded;
  std::vector<std::string> keys;
  int64_t missing_texts = 0;
  for (const ChosenLabelSet& chosen : sets) {
    keys.push_back(cache_key(chosen.set, encoder));
    embedded.push_back(cache.load(keys.back(), row_count(chosen.set), encoder.embedding_dim()));
    if (!embedded.back()) missing_texts += text_count(chosen.set);
  }
  const std::vector<size_t> order = first_ones_first(sets, limits.first);
  const bool limited = !order.empty() && is_first(sets[order.front()], limits.first);
  SetEmbedder embedder(encoder, cache, progress, missing_texts);
  for (const size_t i : order) {
    if (embedded[i]) continue;
    const bool waits = !limited || is_first(sets[i], limits.first);
    embedded[i] = embedder.embed(sets[i].set, keys[i], waits ? EmbeddingLimits().seconds : limits.seconds);
  }
  texts_encoded_ = embedder.texts_encoded();
  left_out_ = leave_out(sets, keys, embedded);
  for (size_t i = 0; i < sets.size(); ++i) {
    const auto labels = static_cast<int64_t>(sets[i].set.labels.size());
    std::optional<std::string> warning = cut_text_warning(encoder, sets[i].set);
    sets_.push_back({std::move(sets[i]), keys[i], copy_rows(*embedded[i], 0, labels),
                     copy_rows(*embedded[i], labels, embedded[i]->rows), nullptr, nullptr,
                     std::move(warning)});
    embedded[i].reset();
    add_examples(sets_.back());
    add_tree(sets_.back());
  }
}

std::vector<std::vector<SetScores>> LabelBank::score(const Embeddings& images) const {
  std::vector<std::vector<SetScores>> scores(static_cast<size_t>(images.rows));
  for (const EmbeddedLabelSet& set : sets_) {
    std::vector<std::vector<float>> of_labels = cosines(images, set.labels);
    std::vector<std::vector<float>> of_negatives = cosines(images, set.negatives);
    for (size_t image = 0; image < scores.size(); ++image) {
      scores[image].push_back({std::move(of_labels[image]), std::move(of_negatives[image])});
    }
  }
  return scores;
}

std::string LabelBank::fingerprint() const {
  Fingerprint fingerprint;
  for (const EmbeddedLabelSet& embedded : sets_) {
    const LabelSet& set = embedded.chosen.set;
    fingerprint.add(set.name).add(embedded.key).add(embedded.chosen.selected ? "spoken" : "silent");
    fingerprint.add(set.min_confidence ? std::to_string(*set.min_confidence) : "");
    for (const Label& label : set.labels) {
      fingerprint.add(label.name).add(statement_text(set, label));
      if (!label.with_text.empty()) fingerprint.add(statement_text(set, label, true));
    }
    if (embedded.calibration) add_calibration(*embedded.calibration, fingerprint);
    if (!embedded.chosen.gate) continue;
    fingerprint.add(std::to_string(embedded.chosen.gate->set));
    for (const size_t label : embedded.chosen.gate->labels) fingerprint.add(std::to_string(label));
  }
  return fingerprint.hex();
}

void LabelBank::calibrate(size_t set, std::shared_ptr<const SetCalibration> calibration) {
  EmbeddedLabelSet& embedded = sets_.at(set);
  if (calibration && !is_sound(*calibration, embedded.chosen.set.labels.size())) {
    throw Error(ErrorKind::kInternal, "a calibration that is not the set's");
  }
  embedded.calibration = std::move(calibration);
}

std::vector<SelectionRules> LabelBank::rules() const {
  std::vector<SelectionRules> rules;
  rules.reserve(sets_.size());
  for (const EmbeddedLabelSet& set : sets_) {
    rules.push_back({set.chosen.selected, set.chosen.set.min_confidence.value_or(0.0), set.chosen.gate,
                     set.calibration, set.tree});
  }
  return rules;
}

}  // namespace kiloword
