// A conversation in front of the description, in the search.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "guided/scripted_model.h"
#include "kiloword/guided/decoder.h"

namespace kiloword {
namespace {

using testing::arbitrary_script;
using testing::hashed;
using testing::kNounPieces;
using testing::ScriptedModel;
using testing::ScriptedScorer;

class ChatPrompts : public ::testing::Test {
 protected:
  ChatPrompts() {
    options_.clip_weight = 0;
    options_.beams = 1;
    options_.candidates = 13;
    options_.stop = StopRule::kNever;
  }
  Description describe(const std::string& chat_prompt, const std::string& prompt) {
    options_.chat_prompt = chat_prompt;
    options_.prompt = prompt;
    ScriptedScorer cosines([](const std::string& text) { return hashed("cos" + text) - 0.5; });
    return GuidedDecoder(model_, rules_, options_, 10).describe(cosines, nullptr);
  }

  GuidedOptions options_;
  ScriptedModel model_{kNounPieces, arbitrary_script(kNounPieces.size())};
  OutputRules rules_{OutputRuleOptions{}};
};

TEST_F(ChatPrompts, AChatStandsBeforeTheDescriptionAndIsNoPartOfIt) {
  options_.no_repeat_ngram = 0;
  options_.tokens = 6;
  const Description whole = describe("", " the dog and");
  const Description answer = describe(" the dog and", "");
  ASSERT_EQ(answer.tokens.size(), whole.tokens.size());
  for (size_t i = 0; i < whole.tokens.size(); ++i) EXPECT_EQ(answer.tokens[i].id, whole.tokens[i].id);
  EXPECT_EQ("the dog and " + answer.text, whole.text);
  EXPECT_EQ("the dog " + describe(" the dog", " and").text, whole.text);
}

TEST_F(ChatPrompts, WordsOfTheChatMayBeRepeated) {
  options_.no_repeat_ngram = 1;
  options_.tokens = 12;
  const std::string words = " a dog cat red car runs and big";
  EXPECT_EQ(describe(words, "").tokens.size(), 12U);  // of the 13 pieces
  EXPECT_LT(describe("", words).tokens.size(), 6U);
}

}  // namespace
}  // namespace kiloword
