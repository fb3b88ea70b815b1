#include "kiloword/pipeline/description_pipeline.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "kiloword/base/text.h"
#include "kiloword/pipeline/sentence.h"
#include "kiloword/scoring/cut_text.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword {
namespace {

/// Cosines of growing texts with one image.
class ImageCosines : public TextScorer {
 public:
  /// `image`: [1, D], must outlive this.
  ImageCosines(ImageTextEncoder& encoder, const Embeddings& image)
      : image_(image), texts_(encoder.growing_texts()) {}

  std::vector<double> score(const std::vector<std::string>& texts) override {
    const std::vector<float> values = cosines(image_.row(0), texts_->encode(texts));
    return {values.begin(), values.end()};
  }

 private:
  const Embeddings& image_;
  std::unique_ptr<IncrementalTextEncoder>
      texts_;  // of this image alone: what an earlier one left could round otherwise
};

/// The rules for one image, whose main fact is required where they allow that. Who requires phrases knows
/// what is to be said.
OutputRules rules_with(const OutputRuleOptions& options, const std::optional<std::string>& fact) {
  if (!fact || !options.required.empty()) return OutputRules(options);
  OutputRuleOptions all = options;
  all.required.push_back(*fact);
  try {
    return OutputRules(all);
  } catch (const Error&) {  // the fact is to be avoided
    return OutputRules(options);
  }
}

/// "'tree' is supported to 0.41 only"
std::string weakness(const std::vector<WordEvidence>& words) {
  const auto weakest =
      std::min_element(words.begin(), words.end(),
                       [](const WordEvidence& a, const WordEvidence& b) { return a.support < b.support; });
  if (weakest == words.end()) return "the guided text says nothing";
  char number[16];  // NOLINT(modernize-avoid-c-arrays): snprintf's
  std::snprintf(number, sizeof number, "%.2f", weakest->support);
  return "the guided text's '" + weakest->word + "' has a support of " + number + " only";
}

}  // namespace

DescriptionRecord DescriptionPipeline::describe(const PreparedImage& image,
                                                const SearchObserver& observer) const {
  EncodedImage encoded;
  encoded.image = image;
  encode(encoder_, {&encoded});
  return describe(encoded, observer);
}

Description DescriptionPipeline::search(const EncodedImage& image, const Grounding* grounding,
                                        const SearchObserver& observer) const {
  ImageCosines image_cosines(encoder_, image.embedding);
  const std::unique_ptr<TextScorer> scorer =
      scorer_ == nullptr ? nullptr : scorer_->for_image(image.image.path);
  if (grounding == nullptr) return decoder_.describe(image_cosines, scorer.get(), observer);
  return decoder_.describe(image_cosines, scorer.get(), observer, *grounding);
}

void DescriptionPipeline::describe_freely(const EncodedImage& image, const SearchObserver& observer,
                                          DescriptionRecord& record) const {
  Description description = search(image, nullptr, observer);
  record.description = neutralize(description.text);
  record.cosine = description.cosine;
  record.tokens = std::move(description.tokens);
}

void DescriptionPipeline::describe_grounded(const EncodedImage& image, const SearchObserver& observer,
                                            DescriptionRecord& record) const {
  const FactFinder& finder = grounding_->facts;
  ImageFacts facts = finder.find(image.embedding, image.image.pixel_facts);
  for (const std::string& phrase : grounding_->rules.required) facts.words.add(phrase, 1);  // the user knows
  const OutputRules rules = rules_with(grounding_->rules, facts.main_fact);
  try {
    const Grounding grounding{facts.words, rules};
    Description description = search(image, &grounding, observer);
    record.words = facts.words.evidence(description.text);
    const bool is_sure = least_support(record.words) >= finder.thresholds().sentence;
    const bool wins = is_sure && beats_facts(image, facts, record.words, description.cosine);
    if (wins) {
      record.source = DescriptionSource::kGuided;
      record.description = neutralize(description.text);
      record.cosine = description.cosine;
      record.tokens = std::move(description.tokens);
      return;
    }
    record.reason = is_sure ? "the guided text is no better than the facts" : weakness(record.words);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    record.reason = "no sentence of supported words was found";
  }
  // Phrases that the user requires are told by no sentence of facts.
  if (!grounding_->rules.required.empty()) return describe_freely(image, observer, record);
  tell_facts(facts, record);
  record.cosine = ImageCosines(encoder_, image.embedding).score({record.description}).front();
}

bool DescriptionPipeline::beats_facts(const EncodedImage& image, const ImageFacts& facts,
                                      const std::vector<WordEvidence>& words, double cosine) const {
  const bool facts_compete = grounding_->rules.required.empty() && !facts.sentence.empty() &&
                             OutputRules(grounding_->rules).allows(facts.sentence);
  if (!facts_compete) return true;
  return informative_support(words) > informative_support(facts.sentence_words) &&
         cosine > ImageCosines(encoder_, image.embedding).score({facts.sentence}).front();
}

void DescriptionPipeline::tell_facts(const ImageFacts& facts, DescriptionRecord& record) const {
  const OutputRules rules(grounding_->rules);
  const bool says_facts = !facts.sentence.empty() && rules.allows(facts.sentence);
  record.source = says_facts ? DescriptionSource::kFacts : DescriptionSource::kLabels;
  record.description = says_facts ? facts.sentence : joined(facts.statements, " ");
  if (record.description.empty()) record.description = kNothingToSay;
  if (!rules.allows(record.description)) record.description.clear();
  record.words = says_facts ? facts.sentence_words : std::vector<WordEvidence>();
}

DescriptionRecord DescriptionPipeline::describe(const EncodedImage& encoded,
                                                const SearchObserver& observer) const {
  const PreparedImage& image = encoded.image;
  DescriptionRecord record;
  record.path = image.path;
  record.error = image.error;
  if (image.error) return record;
  const auto start = std::chrono::steady_clock::now();
  try {
    if (retrieval_ && describe_by_retrieval(encoded, record)) {
      // Nothing is left to search for.
    } else if (grounding_) {
      describe_grounded(encoded, observer, record);
    } else {
      describe_freely(encoded, observer, record);
    }
    record.warnings = cut_text_warnings(encoder_, {record.description});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    record.error = error.at(image.path == "-" ? "standard input" : image.path);
    return record;
  }
  record.caption = compose_sentence({record.description == kNothingToSay ? "" : record.description});
  record.seed = decoder_.options().seed;
  record.width = image.width;
  record.height = image.height;
  record.model = names_.model;
  record.language_model = names_.language_model;
  record.ms =
      image.ms + std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return record;
}

}  // namespace kiloword
