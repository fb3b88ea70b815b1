#include "kiloword/pipeline/description_pipeline.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <memory>
#include <numeric>
#include <utility>

#include "kiloword/base/text.h"
#include "kiloword/pipeline/sentence.h"
#include "kiloword/scoring/cut_text.h"
#include "pipeline/group_cosines.h"
#include "pipeline/retrieved_description.h"
#include "pipeline/text_memo.h"

namespace kiloword {
namespace {

constexpr size_t kMemoBytes = size_t{32} << 20U;

/// The rules for one image, whose main fact is required besides; none where `options` allow that not, or
/// require phrases: who requires phrases knows what is to be said.
std::optional<OutputRules> rules_with(const OutputRuleOptions& options,
                                      const std::optional<std::string>& fact) {
  if (!fact || !options.required.empty()) return std::nullopt;
  OutputRuleOptions all = options;
  all.required.push_back(*fact);
  try {
    return OutputRules(all);
  } catch (const Error&) {  // the fact is to be avoided
    return std::nullopt;
  }
}

/// "the guided text's 'tree' has a support of 0.41 only"
std::string weakness(const std::string& text, const std::vector<WordEvidence>& words) {
  const auto weakest =
      std::min_element(words.begin(), words.end(),
                       [](const WordEvidence& a, const WordEvidence& b) { return a.support < b.support; });
  if (weakest == words.end()) return "the " + text + " says nothing";
  char number[16];  // NOLINT(modernize-avoid-c-arrays): snprintf's
  std::snprintf(number, sizeof number, "%.2f", weakest->support);
  return "the " + text + "'s '" + weakest->word + "' has a support of " + number + " only";
}

/// With those of its beginnings at each token, and its own.
Description with_cosines(Description description, const BeamSearch::Compare& compare) {
  std::vector<std::string> texts;
  std::string text;
  for (const DescribedToken& token : description.tokens) texts.push_back(text += token.text);
  texts.push_back(description.text);
  const std::vector<double> cosines = compare(texts);
  for (size_t i = 0; i < description.tokens.size(); ++i) description.tokens[i].cosine = cosines[i];
  description.cosine = cosines.back();
  return description;
}

/// In the order of `reranker`'s cosines with `image`, highest first; `cosines` become theirs.
std::vector<Description> in_order_of(const Reranker& reranker, const PreparedImage& image,
                                     std::vector<Description> written, std::vector<double>& cosines) {
  std::vector<std::string> texts;
  texts.reserve(written.size());
  for (const Description& description : written) texts.push_back(description.text);
  const std::vector<double> found = reranker.cosines(image, texts);
  std::vector<size_t> order(written.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&found](size_t a, size_t b) { return found[a] > found[b]; });
  std::vector<Description> ordered;
  for (const size_t i : order) {
    ordered.push_back(std::move(written[i]));
    cosines.push_back(found[i]);
  }
  return ordered;
}

}  // namespace

DescriptionPipeline::DescriptionPipeline(ImageTextEncoder& encoder, const GuidedDecoder& decoder,
                                         ScorerProcess* scorer, DescriptionNames names,
                                         std::optional<GroundingParts> grounding,
                                         std::optional<RetrievalParts> retrieval, bool remembers_texts)
    : encoder_(encoder),
      decoder_(&decoder),
      scorer_(scorer),
      names_(std::move(names)),
      grounding_(grounding),
      retrieval_(retrieval),
      plain_rules_(grounding ? std::make_unique<const OutputRules>(grounding->rules) : nullptr),
      memo_(remembers_texts ? std::make_unique<TextMemo>(kMemoBytes) : nullptr) {}

DescriptionPipeline::DescriptionPipeline(ImageTextEncoder& encoder, const BeamSearch& search,
                                         DescriptionNames names, std::optional<GroundingParts> grounding,
                                         std::optional<RetrievalParts> retrieval, bool remembers_texts,
                                         const Reranker* reranker)
    : encoder_(encoder),
      search_(&search),
      reranker_(reranker),
      names_(std::move(names)),
      grounding_(grounding),
      retrieval_(retrieval),
      plain_rules_(grounding ? std::make_unique<const OutputRules>(grounding->rules) : nullptr),
      memo_(remembers_texts ? std::make_unique<TextMemo>(kMemoBytes) : nullptr) {}

DescriptionPipeline::~DescriptionPipeline() = default;

/// An image on its way to a record.
struct DescriptionPipeline::Begun {
  const EncodedImage& image;
  DescriptionRecord& record;
  std::optional<ImageFacts> facts{};
  std::optional<OutputRules> rules{};  ///< none: the plain ones
  std::optional<Grounding> grounding{};
  std::unique_ptr<TextScorer> scorer{};
};

void DescriptionPipeline::begin(Begun& begun) const {
  const PreparedImage& image = begun.image.image;
  if (scorer_ != nullptr) begun.scorer = scorer_->for_image(image.path);
  if (!grounding_) return;
  ImageFacts& facts = begun.facts.emplace(grounding_->facts.find(begun.image.embedding, image.pixel_facts));
  for (const std::string& phrase : grounding_->rules.required) facts.words.add(phrase, 1);  // the user knows
  begun.rules = rules_with(grounding_->rules, facts.main_fact);
  begun.grounding.emplace(Grounding{facts.words, begun.rules ? *begun.rules : *plain_rules_});
}

bool DescriptionPipeline::retrieve(const Begun& begun) const {
  if (!retrieval_) return false;
  const double support = grounding_ ? grounding_->facts.thresholds().sentence : 0;
  return describe_by_retrieval(*retrieval_, begun.image, begun.facts ? &*begun.facts : nullptr, support,
                               begun.record);
}

void DescriptionPipeline::take(Description description, DescriptionRecord& record) {
  record.description = neutralize(description.text);
  record.cosine = description.cosine;
  record.tokens = std::move(description.tokens);
}

void DescriptionPipeline::write(const Begun& begun, const SearchObserver& observer) const {
  GroupCosines cosines(encoder_, {&begun.image.embedding}, memo_.get());
  const auto compare = [&cosines](const std::vector<std::string>& texts) {
    return std::move(cosines.score({texts}).front());
  };
  std::vector<Description> written =
      search_->describe(begun.image.embedding.findings.data(), observer, compare);
  std::vector<double> rerank_cosines;
  if (reranker_ != nullptr)
    written = in_order_of(*reranker_, begun.image.image, std::move(written), rerank_cosines);
  DescriptionRecord& record = begun.record;
  size_t chosen = 0;
  if (grounding_) {
    const WordSupport& words = begun.facts->words;
    const double least = grounding_->facts.thresholds().sentence;
    while (chosen < written.size() && least_support(words.evidence(written[chosen].text)) < least) ++chosen;
    if (chosen == written.size()) {
      record.reason = weakness("text", words.evidence(written.front().text));
      if (grounding_->rules.required.empty()) {
        tell_facts(*begun.facts, record);
        record.cosine = cosines.score_alone(0, record.description);
        return;
      }
      chosen = 0;  // phrases that the user requires are told by no sentence of facts
    }
    record.words = words.evidence(written[chosen].text);
  }
  record.source = DescriptionSource::kCoca;
  if (reranker_ != nullptr) {
    record.rerank_model = reranker_->name();
    record.rerank_cosine = rerank_cosines[chosen];
  }
  take(with_cosines(std::move(written[chosen]), compare), record);
}

void DescriptionPipeline::describe_freely(const Begun& begun, const SearchObserver& observer) const {
  GroupCosines cosines(encoder_, {&begun.image.embedding}, memo_.get());
  GuidedResult result =
      std::move(decoder_->describe(cosines, {{begun.scorer.get(), nullptr}}, observer).front());
  if (result.error) throw Error(*result.error);
  take(std::move(*result.description), begun.record);
}

void DescriptionPipeline::settle(const Begun& begun, GuidedResult result, const Compare& compare,
                                 const SearchObserver& observer) const {
  DescriptionRecord& record = begun.record;
  if (!grounding_) {
    if (result.error) throw Error(*result.error);
    return take(std::move(*result.description), record);
  }
  if (result.description) {
    const ImageFacts& facts = *begun.facts;
    record.words = facts.words.evidence(result.description->text);
    const bool is_sure = least_support(record.words) >= grounding_->facts.thresholds().sentence;
    const bool wins = is_sure && beats_facts(facts, record.words, result.description->cosine, compare);
    if (wins) {
      record.source = DescriptionSource::kGuided;
      return take(std::move(*result.description), record);
    }
    record.reason =
        is_sure ? "the guided text is no better than the facts" : weakness("guided text", record.words);
  } else {
    record.reason = "no sentence of supported words was found";
  }
  // Phrases that the user requires are told by no sentence of facts.
  if (!grounding_->rules.required.empty()) return describe_freely(begun, observer);
  tell_facts(*begun.facts, record);
  record.cosine = compare(record.description);
}

bool DescriptionPipeline::beats_facts(const ImageFacts& facts, const std::vector<WordEvidence>& words,
                                      double cosine, const Compare& compare) const {
  const bool facts_compete =
      grounding_->rules.required.empty() && !facts.sentence.empty() && plain_rules_->allows(facts.sentence);
  if (!facts_compete) return true;
  return informative_support(words) > informative_support(facts.sentence_words) &&
         cosine > compare(facts.sentence);
}

void DescriptionPipeline::tell_facts(const ImageFacts& facts, DescriptionRecord& record) const {
  const bool says_facts = !facts.sentence.empty() && plain_rules_->allows(facts.sentence);
  record.source = says_facts ? DescriptionSource::kFacts : DescriptionSource::kLabels;
  record.description = says_facts ? facts.sentence : joined(facts.statements, " ");
  if (record.description.empty()) record.description = kNothingToSay;
  if (!plain_rules_->allows(record.description)) record.description.clear();
  record.words = says_facts ? facts.sentence_words : std::vector<WordEvidence>();
}

DescriptionRecord DescriptionPipeline::describe(const PreparedImage& image,
                                                const SearchObserver& observer) const {
  EncodedImage encoded;
  encoded.image = image;
  encode(encoder_, {&encoded});
  return describe(encoded, observer);
}

DescriptionRecord DescriptionPipeline::describe(const EncodedImage& image,
                                                const SearchObserver& observer) const {
  return std::move(describe(std::vector<const EncodedImage*>{&image}, observer).front());
}

std::vector<DescriptionRecord> DescriptionPipeline::describe(const std::vector<const EncodedImage*>& images,
                                                             const SearchObserver& observer) const {
  const auto start = std::chrono::steady_clock::now();
  std::vector<DescriptionRecord> records(images.size());
  std::deque<Begun> images_begun;
  std::vector<Begun*> searched;
  std::vector<GuidedTarget> targets;
  std::vector<const Embeddings*> embeddings;
  for (size_t i = 0; i < images.size(); ++i) {
    records[i].path = images[i]->image.path;
    records[i].error = images[i]->image.error;
    if (records[i].error) continue;
    Begun& begun = images_begun.emplace_back(Begun{*images[i], records[i]});
    if (!catch_input_error(begun, [&] { begin(begun); }) || retrieve(begun)) continue;
    if (search_ != nullptr) {
      catch_input_error(begun, [&] { write(begun, observer); });
      continue;
    }
    searched.push_back(&begun);
    targets.push_back({begun.scorer.get(), begun.grounding ? &*begun.grounding : nullptr});
    embeddings.push_back(&images[i]->embedding);
  }
  if (!searched.empty()) {
    GroupCosines cosines(encoder_, std::move(embeddings), memo_.get());
    std::vector<GuidedResult> results = decoder_->describe(cosines, targets, observer);
    for (size_t i = 0; i < searched.size(); ++i) {
      const auto compare = [&cosines, i](const std::string& text) { return cosines.score_alone(i, text); };
      catch_input_error(*searched[i],
                        [&] { settle(*searched[i], std::move(results[i]), compare, observer); });
    }
  }
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  for (const Begun& begun : images_begun) {
    if (!begun.record.error) complete(begun, taken.count() / static_cast<double>(images_begun.size()));
  }
  return records;
}

template <typename Do>
bool DescriptionPipeline::catch_input_error(const Begun& begun, const Do& what) {
  try {
    what();
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    const std::string& path = begun.image.image.path;
    DescriptionRecord failed;
    failed.path = path;
    failed.error = error.at(path == "-" ? "standard input" : path);
    begun.record = std::move(failed);
    return false;
  }
}

void DescriptionPipeline::complete(const Begun& begun, double search_ms) const {
  DescriptionRecord& record = begun.record;
  const PreparedImage& image = begun.image.image;
  record.warnings = cut_text_warnings(encoder_, {record.description});
  record.caption = compose_sentence({record.description == kNothingToSay ? "" : record.description});
  record.seed = decoder_ == nullptr ? 0 : decoder_->options().seed;
  record.width = image.width;
  record.height = image.height;
  record.model = names_.model;
  record.language_model = names_.language_model;
  record.ms = image.ms + search_ms;
}

}  // namespace kiloword
