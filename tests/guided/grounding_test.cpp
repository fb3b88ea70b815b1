// The search among words that an image supports.

#include <gtest/gtest.h>

#include "guided/scripted_model.h"
#include "kiloword/base/error.h"
#include "kiloword/guided/decoder.h"

namespace kiloword {
namespace {

using testing::arbitrary_script;
using testing::hashed;
using testing::ScriptedModel;
using testing::ScriptedScorer;

const std::vector<std::string> kPieces{"",  " a",  " dog",   " cat",  " man",
                                       ".", " on", " grass", " with", " the"};

Description describe(const WordSupport& words, const OutputRuleOptions& options = {}) {
  ScriptedModel model(kPieces, arbitrary_script(kPieces.size()));
  ScriptedScorer cosines([](const std::string& text) { return hashed(text) - 0.5; });
  GuidedOptions search;
  search.candidates = static_cast<int>(kPieces.size());
  search.beams = 8;
  const OutputRules none({});
  const OutputRules rules(options);
  return GuidedDecoder(model, none, search, 1).describe(cosines, nullptr, {}, Grounding{words, rules});
}

TEST(Grounding, WritesNothingButSupportedWords) {
  WordSupport words(0.3);
  words.add("dog", 0.9);
  words.add("grass", 0.6);
  const std::string text = describe(words).text;
  EXPECT_TRUE(words.allows(text, true)) << text;
  EXPECT_EQ(text.find("cat"), std::string::npos) << text;
  EXPECT_EQ(text.find("man"), std::string::npos) << text;
}

TEST(Grounding, HoldsTheRequiredFact) {
  WordSupport words(0.3);
  words.add("dog", 0.9);
  words.add("grass", 0.6);
  OutputRuleOptions rules;
  rules.required = {"grass"};
  EXPECT_NE(describe(words, rules).text.find("grass"), std::string::npos);
}

TEST(Grounding, FindsNothingWhereNothingIsSupported) {
  EXPECT_THROW(describe(WordSupport(0.3)), Error);
}

TEST(Grounding, IsForSearchesOfTheBestSentence) {
  GuidedOptions options = preset_options("balanced");
  EXPECT_TRUE(is_grounded(options, "auto"));
  EXPECT_FALSE(is_grounded(options, "off"));
  EXPECT_FALSE(is_grounded(preset_options("demo"), "auto"));
  EXPECT_FALSE(is_grounded(preset_options("magic"), "auto"));
  options.clip_weight = 0;
  EXPECT_FALSE(is_grounded(options, "auto"));
}

}  // namespace
}  // namespace kiloword
