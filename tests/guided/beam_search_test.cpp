#include "kiloword/guided/beam_search.h"

#include <gtest/gtest.h>

#include <cmath>

#include "guided/scripted_writer.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using testing::Script;
using testing::ScriptedWriter;

const std::vector<std::string> kPieces{"", "a ", "dog ", "cat ", "runs ", "sits ", "<s>"};

/// "a dog runs", then the end; cats and sitting are a little less likely.
std::vector<double> dogs(const std::vector<int32_t>& ids) {
  std::vector<double> logits(kPieces.size(), 0);
  if (ids.empty()) {
    logits[1] = 5;
  } else if (ids.back() == 1) {
    logits[2] = 4;
    logits[3] = 3.5;
  } else if (ids.back() == 2 || ids.back() == 3) {
    logits[4] = 4;
    logits[5] = 3;
  } else {
    logits[0] = 9;
  }
  return logits;
}

BeamOptions few_tokens() {
  BeamOptions options;
  options.tokens = 8;
  options.least_tokens = 2;
  return options;
}

std::vector<Description> written(const OutputRuleOptions& rules, const Script& script = dogs,
                                 const SearchObserver& observer = {},
                                 const BeamSearch::Compare& compare = {}) {
  ScriptedWriter writer(kPieces, script);
  const OutputRules checked(rules);
  return BeamSearch(writer, checked, few_tokens()).describe(nullptr, observer, compare);
}

TEST(BeamSearch, WritesTheTextsOfTheHighestMeanLogit) {
  const std::vector<Description> texts = written({});
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0].text, "a dog runs");
  EXPECT_EQ(texts[1].text, "a cat runs");
  ASSERT_EQ(texts[0].tokens.size(), 3U);
  EXPECT_EQ(texts[0].tokens[1].id, 2);
  EXPECT_EQ(texts[0].tokens[1].text, "dog ");
  EXPECT_NEAR(texts[0].tokens[1].logprob, 4 - std::log(std::exp(4) + std::exp(3.5) + 5), 1e-6);
}

TEST(BeamSearch, AvoidedWordsAreNotWritten) {
  OutputRuleOptions rules;
  rules.avoided = {"dog", "runs"};
  EXPECT_EQ(written(rules).front().text, "a cat sits");
  rules = {};
  rules.max_chars = 5;
  EXPECT_EQ(written(rules).front().text, "a dog");
}

TEST(BeamSearch, RequiredPhrasesAreWritten) {
  OutputRuleOptions rules;
  rules.required = {"cat"};
  EXPECT_EQ(written(rules).front().text, "a cat runs");
  rules.required = {"sits", "cat"};
  EXPECT_EQ(written(rules).front().text, "a cat sits");
  rules.required = {"cat runs a"};  // of several tokens, unlikely ones
  for (const Description& description : written(rules))
    EXPECT_NE(description.text.find("cat runs a"), std::string::npos) << description.text;
}

TEST(BeamSearch, RulesThatLeaveNothingAreAnError) {
  OutputRuleOptions rules;
  rules.required = {"zebra"};
  EXPECT_THROW(written(rules), Error);
}

TEST(BeamSearch, TextsEndAtTheirLimitAndNotTooSoon) {
  const auto early = [](const std::vector<int32_t>&) { return std::vector<double>{9, 1, 0, 0, 0, 0, 0}; };
  for (const Description& description : written({}, early)) EXPECT_GE(description.tokens.size(), 1U);
  const auto never = [](const std::vector<int32_t>&) { return std::vector<double>{-9, 1, 0, 0, 0, 0, 0}; };
  EXPECT_EQ(written({}, never).front().tokens.size(), 7U);  // and the start
}

TEST(BeamSearch, TheObserverSeesEveryStep) {
  std::vector<SearchView> views;
  written(
      {}, dogs, [&views](const SearchView& view) { views.push_back(view); },
      [](const std::vector<std::string>& texts) { return std::vector<double>(texts.size(), 0.5); });
  ASSERT_GE(views.size(), 3U);
  EXPECT_EQ(views[0].text, "a");
  EXPECT_EQ(views[1].step, 2);
  EXPECT_EQ(views[1].text, "a dog");
  EXPECT_EQ(views[1].settled, "a ");
  ASSERT_EQ(views[1].candidates.size(), 2U);
  EXPECT_EQ(views[1].candidates[1].text, "a cat");
  EXPECT_EQ(views[1].candidates[1].cosine, 0.5);
}

TEST(BeamSearch, OptionsOutOfRangeAreRefused) {
  ScriptedWriter writer(kPieces, dogs);
  const OutputRules rules({});
  const auto refuses = [&](int beams, int tokens) {
    BeamOptions options;
    options.beams = beams;
    options.tokens = tokens;
    EXPECT_THROW(BeamSearch(writer, rules, options), Error) << beams << " " << tokens;
  };
  refuses(0, 30);
  refuses(4, 30);
  refuses(2, 33);
  refuses(2, 5);
  GuidedChoices choices;
  choices.beams = 3;
  choices.tokens = 9;
  EXPECT_EQ(beam_options(choices).beams, 3);
  EXPECT_EQ(beam_options(choices).tokens, 10);
  GuidedChoices chat = choices;
  chat.chat_prompt = "describe it";
  EXPECT_THROW(beam_options(chat), Error);
  choices.rerank = "another model";
  EXPECT_EQ(beam_options(choices).beams, 3);
  EXPECT_THROW(guided_options(choices, std::nullopt, 100), Error);
  choices.temperature = 1;
  EXPECT_THROW(beam_options(choices), Error);
}

}  // namespace
}  // namespace kiloword
