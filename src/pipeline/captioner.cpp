#include "kiloword/pipeline/captioner.h"

#include <chrono>
#include <map>
#include <utility>

#include "kiloword/caption/sentence.h"
#include "kiloword/labels/label_set.h"

namespace kiloword {
namespace {

/// What records call the sets: "medium" for "nano/medium", unless two of them would share the short name.
std::vector<std::string> short_names(const std::vector<EmbeddedLabelSet>& sets) {
  const auto stem = [](const std::string& name) { return name.substr(name.rfind('/') + 1); };
  std::map<std::string, int> uses;
  for (const EmbeddedLabelSet& set : sets) ++uses[stem(set.chosen.set.name)];
  std::vector<std::string> names;
  for (const EmbeddedLabelSet& set : sets) {
    const std::string& full = set.chosen.set.name;
    names.push_back(uses[stem(full)] == 1 ? stem(full) : full);
  }
  return names;
}

}  // namespace

Captioner::Captioner(ImageTextEncoder& encoder, const LabelBank& bank, CaptionerOptions options)
    : encoder_(encoder),
      bank_(bank),
      rules_(bank.rules()),
      set_names_(short_names(bank.sets())),
      options_(std::move(options)) {
  options_.rank.logit_scale = encoder.logit_scale();
}

CaptionRecord Captioner::caption(const PreparedImage& image) {
  CaptionRecord record;
  record.path = image.path;
  record.error = image.error;
  if (image.error) return record;
  const auto start = std::chrono::steady_clock::now();
  record.width = image.width;
  record.height = image.height;
  record.model = options_.model_name;

  const Embeddings embedding = encoder_.encode_images(image.pixels, 1);
  const std::vector<SetScores> scores = bank_.score(embedding.row(0));
  const std::vector<Candidate> candidates = rank_statements(scores, rules_, options_.rank);
  std::vector<std::string> said;
  for (const Candidate& candidate : candidates) {
    const LabelSet& set = bank_.sets()[candidate.set].chosen.set;
    const Label& label = set.labels[candidate.best.label];
    StatementRecord statement;
    statement.set = set_names_[candidate.set];
    statement.label = label.name;
    statement.text = statement_text(set, label);
    statement.cosine = candidate.best.cosine;
    statement.probability = candidate.best.probability;
    statement.confidence = candidate.best.confidence;
    statement.said = candidate.said();
    statement.reason = left_out_reason(candidate.left_out);
    if (statement.said) said.push_back(statement.text);
    record.statements.push_back(std::move(statement));
  }
  record.caption = compose_sentence(said, options_.author);
  if (options_.explain_labels > 0) explain(scores, candidates, record);
  record.ms =
      image.ms + std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return record;
}

void Captioner::explain(const std::vector<SetScores>& scores, const std::vector<Candidate>& candidates,
                        CaptionRecord& record) const {
  for (const Candidate& candidate : candidates) {
    const LabelSet& set = bank_.sets()[candidate.set].chosen.set;
    ExplainedSet explained{
        set_names_[candidate.set], candidate.said(), std::string(left_out_reason(candidate.left_out)), {}};
    for (const ScoredLabel& scored :
         top_labels(scores[candidate.set], options_.rank.logit_scale, options_.explain_labels)) {
      explained.labels.push_back({set.labels[scored.label].name, scored.cosine, scored.probability});
    }
    record.explained.push_back(std::move(explained));
  }
}

}  // namespace kiloword
