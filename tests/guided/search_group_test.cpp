// Several searches at once against each alone.

#include <gtest/gtest.h>

#include "guided/scripted_model.h"
#include "kiloword/guided/decoder.h"

namespace kiloword {
namespace {

using testing::arbitrary_script;
using testing::hashed;
using testing::ScriptedModel;
using testing::ScriptedScorer;

const std::vector<std::string> kPieces{"",     " a",   " dog", " cat", " red", " car", " runs",
                                       " and", " big", " on",  " the", " sea", "s",    ". "};
constexpr size_t kImages = 5;

double cosine(size_t image, const std::string& text) {
  return hashed(std::to_string(image % 3) + text) - 0.5;  // some images are alike
}

/// Counts what it is asked.
class Images : public ImageScorer {
 public:
  std::vector<std::vector<double>> score(const std::vector<std::vector<std::string>>& texts) override {
    ++calls;
    std::vector<std::vector<double>> cosines(texts.size());
    for (size_t i = 0; i < texts.size(); ++i) {
      for (const std::string& text : texts[i]) cosines[i].push_back(cosine(i, text));
    }
    return cosines;
  }
  double score_alone(size_t image, const std::string& text) override { return cosine(image, text); }

  int calls = 0;
};

class SearchGroupTest : public ::testing::Test {
 protected:
  void expect_equal_to_each_alone(const GuidedOptions& options) {
    const GuidedDecoder decoder(model_, rules_, options, 10);
    Images images;
    std::vector<std::unique_ptr<ScriptedScorer>> scorers;
    std::vector<GuidedTarget> targets;
    for (size_t i = 0; i < kImages; ++i) {
      scorers.push_back(std::make_unique<ScriptedScorer>(
          [i](const std::string& text) { return hashed(text + std::to_string(i)); }));
      targets.push_back({i == 1 ? nullptr : scorers.back().get(), nullptr});
    }
    const std::vector<GuidedResult> together = decoder.describe(images, targets);
    ASSERT_EQ(together.size(), kImages);
    EXPECT_LE(images.calls, options.tokens) << "one call a step";
    for (size_t i = 0; i < kImages; ++i) {
      ScriptedScorer alone([i](const std::string& text) { return cosine(i, text); });
      GuidedResult expected;
      try {
        expected.description = decoder.describe(alone, targets[i].scorer);
      } catch (const Error& error) {
        expected.error = error;
      }
      ASSERT_EQ(together[i].description.has_value(), expected.description.has_value()) << i;
      if (!expected.description) {
        EXPECT_EQ(together[i].error->message(), expected.error->message());
        continue;
      }
      EXPECT_EQ(together[i].description->text, expected.description->text) << i;
      EXPECT_EQ(together[i].description->cosine, expected.description->cosine);
      ASSERT_EQ(together[i].description->tokens.size(), expected.description->tokens.size());
      for (size_t t = 0; t < expected.description->tokens.size(); ++t) {
        EXPECT_EQ(together[i].description->tokens[t].id, expected.description->tokens[t].id);
        EXPECT_EQ(together[i].description->tokens[t].cosine, expected.description->tokens[t].cosine);
        EXPECT_EQ(together[i].description->tokens[t].logprob, expected.description->tokens[t].logprob);
      }
    }
  }

  GuidedOptions options(const std::string& preset) const {
    GuidedOptions chosen = preset_options(preset);
    chosen.prompt = " the";
    chosen.candidates = 6;
    chosen.tokens = 9;
    return chosen;
  }

  ScriptedModel model_{kPieces, arbitrary_script(kPieces.size())};
  OutputRules rules_{OutputRuleOptions{}};
};

TEST_F(SearchGroupTest, EverySearchIsAsAlone) {
  for (const char* preset : {"balanced", "demo", "magic"}) {
    SCOPED_TRACE(preset);
    expect_equal_to_each_alone(options(preset));
  }
}

TEST_F(SearchGroupTest, LikewiseWithDraws) {
  GuidedOptions drawn = options("balanced");
  drawn.temperature = 0.7;
  drawn.seed = 4;
  expect_equal_to_each_alone(drawn);
}

TEST_F(SearchGroupTest, LikewiseWithoutAWeightOfTheImage) {
  GuidedOptions unguided = options("balanced");
  unguided.clip_weight = 0;
  expect_equal_to_each_alone(unguided);
}

TEST_F(SearchGroupTest, LikewiseWhereRulesEndSearchesAtDifferentTimes) {
  OutputRuleOptions rules;
  rules.required = {"dog", "red car"};
  rules.avoided = {"sea", "cat"};
  rules.max_chars = 40;
  rules_ = OutputRules(rules);
  expect_equal_to_each_alone(options("balanced"));
  rules.required = {"zebra"};
  rules_ = OutputRules(rules);
  expect_equal_to_each_alone(options("balanced"));  // no text is left for any
}

TEST_F(SearchGroupTest, NoImagesNoSearches) {
  Images images;
  EXPECT_TRUE(GuidedDecoder(model_, rules_, options("balanced"), 10).describe(images, {}).empty());
}

}  // namespace
}  // namespace kiloword
