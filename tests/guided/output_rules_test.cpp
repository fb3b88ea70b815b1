#include "kiloword/guided/output_rules.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;

OutputRules avoiding(std::vector<std::string> phrases) {
  return OutputRules({std::move(phrases), {}, std::nullopt});
}

struct Match {
  std::string phrase;
  std::string text;
  bool refused;
};

void PrintTo(const Match& match, std::ostream* out) {
  *out << '"' << match.phrase << "\" in \"" << match.text << '"';
}

class AvoidedPhrase : public ::testing::TestWithParam<Match> {};

TEST_P(AvoidedPhrase, IsFoundAsWholeWords) {
  EXPECT_EQ(!avoiding({GetParam().phrase}).allows(GetParam().text), GetParam().refused);
}

INSTANTIATE_TEST_SUITE_P(
    Words, AvoidedPhrase,
    ::testing::Values(Match{"cat", "a cat", true}, Match{"cat", "cat", true}, Match{"cat", "Cat!", true},
                      Match{"cat", "a caterpillar", false}, Match{"cat", "a bobcat", false},
                      Match{"cat", "cats", false}, Match{"cat", "", false},
                      Match{"cat", "the cat's bed", true}, Match{"cat", "the cat’s bed", true},
                      Match{"cat", "a cat-like face", true}, Match{"cat", "[cat]", true},
                      Match{"cat", "_cat_", true}, Match{"cat", "cat2", false},
                      Match{"arbre", "l'arbre", true}, Match{"don't", "I don’t know", true},
                      Match{"don't", "I donʼt know", true}, Match{"don't", "a don", false},
                      Match{"42", "42 cats", true}, Match{"42", "420 cats", false}));

INSTANTIATE_TEST_SUITE_P(
    Phrases, AvoidedPhrase,
    ::testing::Values(Match{"new york", "in New-York.", true}, Match{"new york", "new \n  york", true},
                      Match{"New-York", "new york", true}, Match{"new york", "a new yorker", false},
                      Match{"new york", "york new", false}, Match{"new york", "new, york", true},
                      Match{"new york", "new old york", false}, Match{"a b a c", "a b a b a c", true}));

INSTANTIATE_TEST_SUITE_P(
    Unicode, AvoidedPhrase,
    ::testing::Values(Match{"café", "CAFE", true}, Match{"cafe", "cafe\u0301", true},
                      Match{"cafe", "caf\u00e9s", false}, Match{"strasse", "Straße", true},
                      Match{"straße", "STRASSE", true}, Match{"σας", "ΣΑΣ", true}, Match{"иод", "йод", true},
                      Match{"cat", "ｃａｔ", true}, Match{"cat", "ⓒⓐⓣ", true}, Match{"cat", "𝐜𝐚𝐭", true},
                      Match{"nike", "Nike™ shoes", true}, Match{"cat", "cat²", true},
                      Match{"cat", "c\u0338a\u0338t\u0338", true}, Match{"cat", "c\u20DDat", true},
                      Match{"ירושלים", "יְרוּשָׁלַיִם", true}, Match{"محمد", "مُحَمَّد", true}));

INSTANTIATE_TEST_SUITE_P(InvisibleCharacters, AvoidedPhrase,
                         ::testing::Values(Match{"cat", "c\u00ADat", true}, Match{"cat", "c\u200Bat", true},
                                           Match{"cat", "c\u2060at", true}, Match{"cat", "ca\x01t", true},
                                           Match{"cat", "ca\x7Ft", true}, Match{"c\u00ADat", "cat", true},
                                           Match{"cat", "ca\tt", false}));

INSTANTIATE_TEST_SUITE_P(MarksThatSpell, AvoidedPhrase,
                         ::testing::Values(Match{"की", "का", false}, Match{"की", "लड़के की किताब", true},
                                           Match{"क", "की", false}, Match{"か", "がっこう", false},
                                           Match{"が", "か\u3099っこう", true}, Match{"มา", "ม้า", false}));

INSTANTIATE_TEST_SUITE_P(ScriptsWithoutSpaces, AvoidedPhrase,
                         ::testing::Values(Match{"東京", "昨日は東京タワーで", true},
                                           Match{"東京タワー", "東京 タワー", true},
                                           Match{"東京", "東西京", false}, Match{"แมว", "ผมเห็นแมวดำ", true},
                                           Match{"猫", "一只猫cat", true}, Match{"cat", "一只cat猫", true},
                                           Match{"ｶﾀｶﾅ", "これはカタカナ", true},
                                           Match{"人々", "多くの人々が", true},
                                           Match{"고양이", "고양이 한 마리", true},
                                           Match{"고양이", "고양이가", false}, Match{"각", "가", false}));

INSTANTIATE_TEST_SUITE_P(BrokenUtf8, AvoidedPhrase,
                         ::testing::Values(Match{"caf", "caf\xC3", true},
                                           Match{"cat",
                                                 "\xFF"
                                                 "cat\xFF",
                                                 true},
                                           Match{"cat", "ca\xFFt", false}));

TEST(OutputRules, WithoutRulesEverythingIsAllowed) {
  const OutputRules rules({});
  EXPECT_TRUE(rules.allows("anything"));
  EXPECT_EQ(rules.violation("anything"), std::nullopt);
  EXPECT_EQ(rules.required().size(), 0U);
  EXPECT_TRUE(rules.included("anything", true).empty());
}

TEST(OutputRules, SayWhichRuleATextBreaks) {
  const OutputRules rules({{"New-York", "new york", "cat"}, {}, 12});
  EXPECT_EQ(rules.violation("in new york"), "avoided phrase 'New-York'");
  EXPECT_EQ(rules.violation("a cat and a dog"), "avoided phrase 'cat'");
  EXPECT_EQ(rules.violation("a dog and a cow"), "longer than 12 characters");
  EXPECT_EQ(rules.violation("a dog"), std::nullopt);
}

TEST(OutputRules, LengthIsCountedInCodePoints) {
  const OutputRules rules({{}, {}, 4});
  EXPECT_TRUE(rules.allows("caf\u00e9"));
  EXPECT_FALSE(rules.allows("cafe\u0301"));
  EXPECT_TRUE(rules.allows("\U0001F431\U0001F431\U0001F431\U0001F431"));
  EXPECT_FALSE(rules.allows("\xFF\xFF\xFF\xFF\xFF"));
  EXPECT_FALSE(OutputRules({{}, {}, 0}).allows("a"));
  EXPECT_TRUE(OutputRules({{}, {}, 0}).allows(""));
}

TEST(OutputRules, RequiredPhrasesCountWhenTheirLastWordIsComplete) {
  const OutputRules rules({{}, {"cat", "New York", "CAT", "猫"}, std::nullopt});
  EXPECT_EQ(rules.required().size(), 4U);
  EXPECT_THAT(rules.included("a cat", false), ElementsAre(false, false, false, false));
  EXPECT_THAT(rules.included("a cat", true), ElementsAre(true, false, true, false));
  EXPECT_THAT(rules.included("a cat ", false), ElementsAre(true, false, true, false));
  EXPECT_THAT(rules.included("a cat in new york", false), ElementsAre(true, false, true, false));
  EXPECT_THAT(rules.included("a cat in new york.", false), ElementsAre(true, true, true, false));
  EXPECT_THAT(rules.included("a caterpillar", true), ElementsAre(false, false, false, false));
  EXPECT_THAT(rules.included("cat\u0301", false), ElementsAre(false, false, false, false));
  EXPECT_THAT(rules.included("cat\u00AD", false), ElementsAre(false, false, false, false));
  EXPECT_THAT(rules.included("cat-猫が", false), ElementsAre(true, false, true, true));
  EXPECT_THAT(rules.included("", true), ElementsAre(false, false, false, false));
}

std::string error_of(const OutputRuleOptions& options) {
  try {
    OutputRules rules(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(OutputRules, RefusePhrasesThatCannotBeMeant) {
  EXPECT_EQ(error_of({{"***"}, {}, {}}),
            "phrase without a letter or digit, --avoid; write a word or a phrase");
  EXPECT_EQ(error_of({{}, {""}, {}}),
            "phrase without a letter or digit, --must-include; write a word or a phrase");
  EXPECT_EQ(error_of({{}, {"caf\xE9"}, {}}), "phrase that is not UTF-8, --must-include; write it in UTF-8");
  EXPECT_EQ(error_of({{}, {std::string(501, 'x')}, {}}),
            "phrase of 501 bytes, --must-include; a phrase has at most 500");
  EXPECT_EQ(error_of({{"Cat"}, {"a black cat"}, {}}),
            "required phrase 'a black cat' holds the avoided phrase 'Cat', --must-include; take it from one "
            "of the lists");
}

/// The same question for ASCII, answered by looking everywhere.
bool holds_phrase(const std::string& text, const std::string& phrase) {
  const auto spaced = [](const std::string& raw) {
    std::string result = " ";
    for (const char c : raw + " ") {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
        result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      } else if (result.back() != ' ') {
        result += ' ';
      }
    }
    return result;
  };
  return spaced(text).find(spaced(phrase)) != std::string::npos;
}

class RandomTexts {
 public:
  explicit RandomTexts(uint32_t seed) : random_(seed) {}

  size_t below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random_); }

  std::string token() {
    static const std::vector<std::string> kTokens{"a", "b", "A",  " a",  " b", "-",
                                                  " ", "'", "ab", " ba", ".",  "1"};
    return kTokens[below(kTokens.size())];
  }

  std::vector<std::string> phrases() {
    std::vector<std::string> result;
    for (size_t i = below(6); i > 0; --i) {
      std::string phrase = "b";
      for (size_t j = below(5); j > 0; --j) phrase += token();
      result.push_back(phrase);
    }
    return result;
  }

 private:
  std::mt19937 random_;
};

TEST(OutputRules, WhateverTheTokensATextIsRefusedExactlyWhenItHoldsAPhrase) {
  RandomTexts random(1);
  size_t refused = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::vector<std::string> phrases = random.phrases();
    const OutputRules rules = avoiding(phrases);
    const OutputRules requiring({{}, phrases, std::nullopt});
    std::string written;
    for (int step = 0; step < 12; ++step) {
      const std::string text = written + random.token();
      SCOPED_TRACE('"' + text + "\" against " + ::testing::PrintToString(phrases));
      std::vector<bool> held(phrases.size());
      std::transform(phrases.begin(), phrases.end(), held.begin(),
                     [&text](const std::string& phrase) { return holds_phrase(text, phrase); });
      const bool holds_one = std::count(held.begin(), held.end(), true) > 0;
      ASSERT_EQ(rules.allows(text), !holds_one);
      ASSERT_EQ(rules.violation(text).has_value(), holds_one);
      ASSERT_EQ(requiring.included(text, true), held);
      refused += holds_one ? 1 : 0;
      if (!holds_one) written = text;
    }
  }
  EXPECT_GT(refused, 1000U);
}

TEST(OutputRules, ManyCandidatesAgainstManyPhrasesAreQuick) {
  RandomTexts random(2);
  const auto word = [&random] {
    std::string letters;
    for (size_t i = random.below(6) + 2; i > 0; --i) letters += static_cast<char>('a' + random.below(26));
    return letters;
  };
  std::vector<std::string> phrases(10'000);
  for (std::string& phrase : phrases) phrase = "the " + word() + " " + word();
  const OutputRules rules = avoiding(phrases);
  std::string prefix = "Der Käfer ";
  while (prefix.size() < 100) prefix += "the " + word() + " ";
  const auto start = std::chrono::steady_clock::now();
  size_t allowed = 0;
  for (int i = 0; i < 2500; ++i) allowed += rules.allows(prefix + word()) ? 1 : 0;
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  RecordProperty("allows_2500_ms", std::to_string(taken.count()));
  EXPECT_GT(allowed, 2000U);
  EXPECT_LT(taken.count(), 2000.0) << "a few ms on an idle machine, more under sanitizers";
}

}  // namespace
}  // namespace kiloword
