// Descriptions tied to what a word head and label sets know of the image.

#include <gtest/gtest.h>

#include "guided/scripted_writer.h"
#include "kiloword/guided/decoder.h"
#include "kiloword/pipeline/description_pipeline.h"
#include "kiloword/pipeline/sentence.h"
#include "pipeline/image_like.h"

namespace kiloword {
namespace {

using testing::arbitrary_script;
using testing::FakeEncoder;
using testing::image_like;
using testing::ScriptedModel;
using testing::ScriptedWriter;

const std::vector<std::string> kPieces{"", " a", " dog", " cat", " man", ".", " on", " the", " grass"};

/// A fake encoder with a word head that says the same of every image.
class WordyEncoder : public FakeEncoder {
 public:
  WordyEncoder(std::vector<HeadWord> words, std::vector<float> probabilities)
      : words_(std::move(words)), probabilities_(std::move(probabilities)) {}

  const std::vector<HeadWord>& words() const override { return words_; }
  Embeddings encode_images(const std::vector<float>& pixels, int64_t count) override {
    Embeddings result = FakeEncoder::encode_images(pixels, count);
    result.word_count = static_cast<int64_t>(words_.size());
    for (int64_t i = 0; i < count; ++i)
      result.words.insert(result.words.end(), probabilities_.begin(), probabilities_.end());
    return result;
  }

 private:
  std::vector<HeadWord> words_;
  std::vector<float> probabilities_;
};

/// A set that says nothing of the images of these tests.
LabelBank bank_of(ImageTextEncoder& encoder) {
  ChosenLabelSet chosen;
  chosen.set =
      parse_label_set("category: objects\nstatement: There is {a} {label}.\nnegative: x\n---\nlamp\nsofa\n",
                      "objects", "objects.txt");
  return LabelBank({chosen}, encoder, EmbeddingCache(""));
}

DescriptionRecord describe(const std::vector<float>& probabilities, const OutputRuleOptions& rules = {},
                           const SentenceSource* sentences = nullptr) {
  WordyEncoder encoder({{"cat", "animal"}, {"grass", "scene"}, {"man", "person"}, {"person", "person"}},
                       probabilities);
  const LabelBank bank = bank_of(encoder);
  const FactFinder facts(encoder, bank);
  ScriptedModel model(kPieces, arbitrary_script(kPieces.size()));
  GuidedOptions options = preset_options("balanced");
  options.candidates = static_cast<int>(kPieces.size());
  const OutputRules output_rules(rules);
  const GuidedDecoder decoder(model, output_rules, options, encoder.logit_multiplier());
  std::optional<RetrievalParts> retrieval;
  if (sentences != nullptr) retrieval.emplace(RetrievalParts{*sentences, output_rules});
  const DescriptionPipeline describer(encoder, decoder, nullptr, {"fake", "scripted"},
                                      GroundingParts{facts, rules}, retrieval);
  return describer.describe(image_like("x"));
}

TEST(GroundedDescription, TakesASentenceThatSaysMoreThanTheFacts) {
  // No sentence of facts speaks of a cat.
  const DescriptionRecord record = describe({0.9F, 0.3F, 0.1F, 0.1F});
  ASSERT_FALSE(record.error);
  EXPECT_EQ(record.source, DescriptionSource::kGuided) << record.description << ": " << record.reason;
  EXPECT_NE(record.description.find("cat"), std::string::npos);
  ASSERT_EQ(record.words.size(), 1U);
  EXPECT_NEAR(record.words.front().support, 0.9, 1e-6);
  EXPECT_TRUE(record.reason.empty());
}

TEST(GroundedDescription, TellsTheFactsWhereTheGuidedTextSaysNoMore) {
  const DescriptionRecord record = describe({0.1F, 0.8F, 0.9F, 0.9F});
  ASSERT_FALSE(record.error);
  EXPECT_EQ(record.source, DescriptionSource::kFacts);
  EXPECT_EQ(record.description, "A man on the grass.");
  EXPECT_FALSE(record.reason.empty());
  EXPECT_EQ(record.words.size(), 2U);
}

TEST(GroundedDescription, TellsFactsWhereNoGuidedTextIsFound) {
  const DescriptionRecord record = describe({0.1F, 0.1F, 0.1F, 0.7F});
  ASSERT_FALSE(record.error);
  EXPECT_EQ(record.source, DescriptionSource::kFacts);
  EXPECT_EQ(record.description, "A person.");
  EXPECT_FALSE(record.reason.empty());
}

TEST(GroundedDescription, AbstainsWhereNothingIsKnown) {
  const DescriptionRecord record = describe({0.1F, 0.1F, 0.1F, 0.1F});
  ASSERT_FALSE(record.error);
  EXPECT_EQ(record.source, DescriptionSource::kLabels);
  EXPECT_EQ(record.description, kNothingToSay);
  EXPECT_EQ(record.caption, compose_sentence({}));
  EXPECT_TRUE(record.words.empty());
}

/// What a decoder that writes "a dog on grass", and "a cat on grass" a little less, comes to. `seen_as`: what
/// another network takes the image for, by which the texts are ordered; empty: none is asked.
DescriptionRecord written(const std::vector<float>& probabilities, bool grounded,
                          const OutputRuleOptions& rules = {}, const std::string& seen_as = "") {
  WordyEncoder encoder({{"cat", "animal"}, {"grass", "scene"}, {"man", "person"}, {"person", "person"}},
                       probabilities);
  const LabelBank bank = bank_of(encoder);
  const FactFinder facts(encoder, bank);
  const auto script = [](const std::vector<int32_t>& ids) {
    std::vector<double> logits(7, 0);
    const size_t next[]{1, 2, 4, 5, 0};  // a, dog, on, grass, the end
    logits[next[ids.size()]] = 9;
    if (ids.size() == 1) logits[3] = 8;  // cat
    return logits;
  };
  ScriptedWriter writer({"", "a ", "dog ", "cat ", "on ", "grass ", "<s>"}, script);
  const OutputRules output_rules(rules);
  BeamOptions options;
  options.tokens = 6;
  const BeamSearch search(writer, output_rules, options);
  std::optional<GroundingParts> grounding;
  if (grounded) grounding.emplace(GroundingParts{facts, rules});
  FakeEncoder judge;
  const Reranker reranker(judge, "judge");
  const DescriptionPipeline describer(encoder, search, {"fake", "fake"}, grounding, std::nullopt,
                                      /*remembers_texts=*/false, seen_as.empty() ? nullptr : &reranker);
  PreparedImage image = image_like("x");
  if (!seen_as.empty()) image.other = std::make_shared<const PreparedImage>(image_like(seen_as));
  return describer.describe(image);
}

TEST(GroundedDescription, OfADecoderIsPickedByAnotherNetwork) {
  const std::vector<float> sure{0.9F, 0.9F, 0.1F, 0.1F};
  const DescriptionRecord alone = written(sure, /*grounded=*/false);
  EXPECT_EQ(alone.rerank_model, "");
  const DescriptionRecord picked = written(sure, /*grounded=*/false, {}, "a cat on grass");
  ASSERT_FALSE(picked.error);
  EXPECT_EQ(picked.source, DescriptionSource::kCoca);
  EXPECT_EQ(picked.description, "a cat on grass");
  EXPECT_EQ(picked.rerank_model, "judge");
  EXPECT_NEAR(picked.rerank_cosine, 1, 1e-6);
  EXPECT_NE(picked.cosine, picked.rerank_cosine);  // the encoder's own
  EXPECT_EQ(written(sure, /*grounded=*/false, {}, "a dog on grass").description, "a dog on grass");
  // What the image does not support stays out, whatever the other network prefers.
  const DescriptionRecord grounded = written(sure, /*grounded=*/true, {}, "a dog on grass");
  EXPECT_EQ(grounded.description, "a cat on grass");
  EXPECT_LT(grounded.rerank_cosine, 1);
}

TEST(GroundedDescription, OfADecoderTakesTheBestTextWhoseWordsAreSupported) {
  const DescriptionRecord free = written({0.9F, 0.9F, 0.1F, 0.1F}, /*grounded=*/false);
  ASSERT_FALSE(free.error);
  EXPECT_EQ(free.source, DescriptionSource::kCoca);
  EXPECT_EQ(free.description, "a dog on grass");
  EXPECT_EQ(free.language_model, "fake");
  ASSERT_EQ(free.tokens.size(), 4U);
  EXPECT_NE(free.tokens[1].cosine, 0);
  EXPECT_NE(free.cosine, 0);
  const DescriptionRecord grounded = written({0.9F, 0.9F, 0.1F, 0.1F}, /*grounded=*/true);
  EXPECT_EQ(grounded.source, DescriptionSource::kCoca);
  EXPECT_EQ(grounded.description, "a cat on grass");
  EXPECT_EQ(grounded.words.size(), 2U);
  EXPECT_TRUE(grounded.reason.empty());
}

TEST(GroundedDescription, OfADecoderFallsBackToTheFacts) {
  const DescriptionRecord record = written({0.1F, 0.1F, 0.1F, 0.7F}, /*grounded=*/true);
  EXPECT_EQ(record.source, DescriptionSource::kFacts);
  EXPECT_EQ(record.description, "A person.");
  EXPECT_NE(record.reason.find("the text's 'dog'"), std::string::npos) << record.reason;
  OutputRuleOptions rules;
  rules.required = {"dog"};
  EXPECT_EQ(written({0.1F, 0.1F, 0.1F, 0.7F}, true, rules).source, DescriptionSource::kCoca)
      << "no sentence of facts has what the user requires";
}

/// Sentences in the order in which they fit every image.
class Sentences : public SentenceSource {
 public:
  explicit Sentences(std::vector<std::string> texts) : texts_(std::move(texts)) {}
  std::vector<RetrievedSentence> nearest(const float* /*image*/, size_t count) const override {
    std::vector<RetrievedSentence> found;
    for (size_t i = 0; i < std::min(count, texts_.size()); ++i) {
      found.push_back({texts_[i], 0.5 - 0.01 * static_cast<double>(i), 0.2});
    }
    return found;
  }
  std::string fingerprint() const override { return "fake"; }

 private:
  std::vector<std::string> texts_;
};

TEST(GroundedDescription, ARetrievedSentenceGoesFirstWhereAllItsWordsAreSupported) {
  const Sentences sentences({"A dog on the grass.", "A cat.", "A cat\ton [the] grass."});
  const DescriptionRecord found = describe({0.9F, 0.9F, 0.1F, 0.1F}, {}, &sentences);
  EXPECT_EQ(found.source, DescriptionSource::kBank);
  EXPECT_EQ(found.description, "A cat on (the) grass.") << "no dog, and more than one word";
  EXPECT_NEAR(found.cosine, 0.48, 1e-9);
  ASSERT_EQ(found.words.size(), 2U);
  EXPECT_NEAR(found.words[1].support, 0.9, 1e-6);
  OutputRuleOptions rules;
  rules.avoided = {"cat"};
  EXPECT_NE(describe({0.9F, 0.9F, 0.1F, 0.1F}, rules, &sentences).source, DescriptionSource::kBank);
  EXPECT_NE(describe({0.9F, 0.1F, 0.1F, 0.1F}, {}, &sentences).source, DescriptionSource::kBank);
  rules.avoided.clear();
  rules.required = {"sofa"};
  EXPECT_NE(describe({0.9F, 0.9F, 0.1F, 0.1F}, rules, &sentences).source, DescriptionSource::kBank);
}

}  // namespace
}  // namespace kiloword
