// Where descriptions end, and what they may and must hold.

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

const std::vector<std::string> kPieces{"",     " a",    " do",  "g",   "s",    " cat",  ".",      "!",  "\n",
                                       " New", " York", " the", " on", " sea", " ship", " sails", " of"};

/// Says ids in the order of `sentence`, and what else with lower probabilities.
testing::Script saying(const std::vector<int32_t>& sentence) {
  return [sentence](const std::vector<int32_t>& ids) {
    std::vector<double> values;
    for (size_t id = 0; id < kPieces.size(); ++id) values.push_back(-0.1 * static_cast<double>(id));
    values[0] = -20;
    if (ids.size() - 1 < sentence.size()) values[static_cast<size_t>(sentence[ids.size() - 1])] = 8;
    return values;
  };
}

std::string describe(ScriptedModel& model, const GuidedOptions& options,
                     const OutputRuleOptions& rules = {}) {
  ScriptedScorer cosines([](const std::string& text) { return hashed(text) - 0.5; });
  const OutputRules output_rules(rules);
  return GuidedDecoder(model, output_rules, options, 1).describe(cosines, nullptr).text;
}

GuidedOptions plain(StopRule stop, int tokens = 10) {
  GuidedOptions options;
  options.clip_weight = 0;
  options.beams = 1;
  options.candidates = static_cast<int>(kPieces.size());
  options.no_repeat_ngram = 0;
  options.stop = stop;
  options.tokens = tokens;
  return options;
}

TEST(StopRules, EndWhereTheySay) {
  // " a dog. the cat <end> on"
  ScriptedModel model(kPieces, saying({1, 2, 3, 6, 11, 5, 0, 12}));
  EXPECT_EQ(describe(model, plain(StopRule::kSentence)), "a dog.");
  EXPECT_EQ(describe(model, plain(StopRule::kEnd)), "a dog. the cat");
  ScriptedModel lines(kPieces, saying({8, 5, 8, 11}));
  EXPECT_EQ(describe(lines, plain(StopRule::kSentence)), "a cat");  // an empty first line is passed over
}

TEST(StopRules, NothingEndsBeforeAWordIsWritten) {
  ScriptedModel model(kPieces, saying({0, 0, 0}));
  EXPECT_FALSE(describe(model, plain(StopRule::kEnd)).empty());
  ScriptedModel dots(kPieces, saying({6, 6, 1, 5, 6}));
  EXPECT_NE(describe(dots, plain(StopRule::kSentence)), "");
}

TEST(StopRules, AWordThatIsCutIsLeftOut) {
  ScriptedModel model(kPieces, saying({11, 5, 2, 3, 4, 6}));  // " the cat do|g|s."
  EXPECT_EQ(describe(model, plain(StopRule::kSentence, 3)), "the cat");
  EXPECT_EQ(describe(model, plain(StopRule::kSentence, 4)), "the cat");
  EXPECT_EQ(describe(model, plain(StopRule::kSentence, 5)), "the cat dogs");
  EXPECT_EQ(describe(model, plain(StopRule::kNever, 3)), "the cat do");  // all tokens were asked for
  ScriptedModel one(kPieces, saying({2, 3}));
  EXPECT_EQ(describe(one, plain(StopRule::kSentence, 1)), "do");  // better than nothing
}

TEST(DecoderRules, AvoidedPhrasesAreNeverWritten) {
  ScriptedModel model(kPieces, arbitrary_script(kPieces.size()));
  OutputRuleOptions rules;
  rules.avoided = {"cat", "new york", "dog"};
  GuidedOptions options = plain(StopRule::kNever, 12);
  options.temperature = 2;
  options.beams = 2;
  const OutputRules checker(rules);
  int held = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    options.seed = seed;
    EXPECT_TRUE(checker.allows(describe(model, options, rules)));
    held += checker.allows(describe(model, options)) ? 0 : 1;
  }
  EXPECT_GT(held, 20);  // without the rules they come all the time
}

TEST(DecoderRules, RequiredPhrasesAreWritten) {
  ScriptedModel model(kPieces, arbitrary_script(kPieces.size()));
  OutputRuleOptions rules;
  rules.required = {"New York", "ship"};
  const OutputRules checker(rules);
  for (const int beams : {1, 3}) {
    for (const StopRule stop : {StopRule::kSentence, StopRule::kEnd, StopRule::kNever}) {
      GuidedOptions options = plain(stop, 8);
      options.beams = beams;
      for (const double clip_weight : {0.0, 5.0}) {
        options.clip_weight = clip_weight;
        const std::vector<bool> included = checker.included(describe(model, options, rules), true);
        EXPECT_EQ(included, (std::vector<bool>{true, true}));
      }
    }
  }
}

TEST(DecoderRules, ARequiredPhraseComesWhereItFitsBest) {
  // After " the" everything is likelier than the ship, but after " the sea" the ship is.
  ScriptedModel model(kPieces, [](const std::vector<int32_t>& ids) {
    std::vector<double> values(kPieces.size(), -5.0);
    values[0] = -20;
    if (ids.size() == 1) values[11] = 5;
    if (ids.back() == 11) values[13] = 5;
    if (ids.back() == 13) values[14] = 5;
    if (ids.back() == 14) values[6] = 5;
    return values;
  });
  OutputRuleOptions rules;
  rules.required = {"ship"};
  EXPECT_EQ(describe(model, plain(StopRule::kSentence), rules), "the sea ship.");
}

TEST(DecoderRules, TextsKeepToTheirLength) {
  ScriptedModel model(kPieces, saying({11, 5, 12, 11, 13, 14}));  // "the cat on the sea ship"
  OutputRuleOptions rules;
  rules.max_chars = 12;  // with the space that the first token brings
  GuidedOptions options = plain(StopRule::kSentence);
  options.candidates = 1;
  EXPECT_EQ(describe(model, options, rules), "the cat on");
}

TEST(DecoderRules, SayWhenNothingIsLeft) {
  ScriptedModel model(kPieces, arbitrary_script(kPieces.size()));
  OutputRuleOptions rules;
  for (const std::string& piece : kPieces) {
    if (piece.size() > 1) rules.avoided.push_back(piece);
  }
  rules.avoided.insert(rules.avoided.end(), {"g", "s", "dog", "dogs"});
  GuidedOptions options = plain(StopRule::kSentence);
  options.candidates = 3;
  try {
    const std::string text = describe(model, options, rules);
    EXPECT_TRUE(text.find_first_not_of(".! \n") == std::string::npos) << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_STREQ(
        error.what(),
        "no description is left that the output rules allow; relax --avoid, --must-include or --max-chars, "
        "or raise --candidates or --tokens");
  }
}

TEST(DecoderRules, APromptKeepsTheRulesToo) {
  ScriptedModel model(kPieces, arbitrary_script(kPieces.size()));
  OutputRuleOptions rules;
  rules.avoided = {"cat"};
  GuidedOptions options = plain(StopRule::kSentence);
  options.prompt = " the cat";
  try {
    describe(model, options, rules);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_STREQ(
        error.what(),
        "the prompt breaks an output rule: avoided phrase 'cat', --prompt; change the prompt or the rule");
  }
}

}  // namespace
}  // namespace kiloword
