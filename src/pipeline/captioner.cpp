#include "kiloword/pipeline/captioner.h"

#include <chrono>
#include <utility>

#include "kiloword/caption/sentence.h"
#include "kiloword/labels/label_set.h"

namespace kiloword {

Captioner::Captioner(ImageTextEncoder& encoder, const LabelBank& bank, CaptionerOptions options)
    : encoder_(encoder), bank_(bank), rules_(bank.rules()), options_(std::move(options)) {
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
    statement.set = set.name;
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
    ExplainedSet explained{set.name, candidate.said(), std::string(left_out_reason(candidate.left_out)), {}};
    for (const ScoredLabel& scored :
         top_labels(scores[candidate.set], options_.rank.logit_scale, options_.explain_labels)) {
      explained.labels.push_back({set.labels[scored.label].name, scored.cosine, scored.probability});
    }
    record.explained.push_back(std::move(explained));
  }
}

}  // namespace kiloword
