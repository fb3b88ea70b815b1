#include "kiloword/labels/label_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;

constexpr const char* kFullSet = R"(# The drawing technique of a picture.
category: medium
description: how it was made: by hand, mostly
statement: This is {a} {label}.
match: {a} {label}
match: a picture that is {a} {label}
negative: a blurry picture: of nothing

min-confidence: 0.5
gate: scene: alley, amusement park
---
photo
  # a comment among the labels
sketch | match: pencil sketch

oil painting | match: oil painting on canvas | say: painting in oil | with-text: page | article: a
sunglasses | article: none
Alien: Isolation
)";

TEST(LabelSet, EveryPartOfTheFormatIsRead) {
  const LabelSet set = parse_label_set(kFullSet, "medium", "medium.txt");
  EXPECT_EQ(set.name, "medium");
  EXPECT_EQ(set.path, "medium.txt");
  EXPECT_EQ(set.category, "medium");
  EXPECT_EQ(set.description, "how it was made: by hand, mostly");
  EXPECT_EQ(set.statement, "This is {a} {label}.");
  EXPECT_THAT(set.prompt_templates, ElementsAre("{a} {label}", "a picture that is {a} {label}"));
  EXPECT_THAT(set.negatives, ElementsAre("a blurry picture: of nothing"));
  EXPECT_DOUBLE_EQ(set.min_confidence.value(), 0.5);
  EXPECT_EQ(set.gate.value().set, "scene");
  EXPECT_THAT(set.gate.value().labels, ElementsAre("alley", "amusement park"));
  ASSERT_EQ(set.labels.size(), 5U);
  EXPECT_EQ(set.labels[0].name, "photo");
  EXPECT_EQ(set.labels[0].line, 12);
  EXPECT_EQ(set.labels[1].match_text(), "pencil sketch");
  EXPECT_EQ(set.labels[1].say_text(), "sketch");
  EXPECT_EQ(set.labels[2].article, Article::kA);
  EXPECT_EQ(set.labels[4].name, "Alien: Isolation");
  EXPECT_EQ(set.labels[4].line, 18);
}

TEST(LabelSet, TextsForMatchingAndForSaying) {
  const LabelSet set = parse_label_set(kFullSet, "medium", "medium.txt");
  EXPECT_THAT(label_prompts(set, set.labels[1]),
              ElementsAre("a pencil sketch", "a picture that is a pencil sketch"));
  EXPECT_EQ(statement_text(set, set.labels[1]), "This is a sketch.");
  EXPECT_EQ(statement_text(set, set.labels[2]), "This is a painting in oil.");
  EXPECT_EQ(statement_text(set, set.labels[2], /*has_text=*/true), "This is a page.");
  EXPECT_EQ(statement_text(set, set.labels[1], /*has_text=*/true), "This is a sketch.");
  EXPECT_THAT(label_prompts(set, set.labels[3]), ElementsAre("sunglasses", "a picture that is sunglasses"));
}

TEST(LabelSet, StatementIsTheMatchTemplateWhenThereIsNone) {
  const LabelSet set = parse_label_set("category: x\nstatement: It is {label}.\n---\none", "x", "x.txt");
  EXPECT_THAT(set.prompt_templates, ElementsAre("It is {label}."));
  EXPECT_FALSE(set.min_confidence);
  EXPECT_FALSE(set.gate);
}

TEST(LabelSet, ByteOrderMarkAndWindowsLineEndsAreAccepted) {
  const LabelSet set = parse_label_set(
      "\xEF\xBB\xBF"
      "category: x\r\nstatement: {label}.\r\n---\r\na b\r\n\r\nc",
      "x", "x.txt");
  EXPECT_EQ(set.category, "x");
  ASSERT_EQ(set.labels.size(), 2U);
  EXPECT_EQ(set.labels[0].name, "a b");
  EXPECT_EQ(set.labels[1].name, "c");
}

TEST(LabelSet, TheEmptyLastLineIsNoLabel) {
  EXPECT_EQ(parse_label_set("category: x\nstatement: {label}.\n---\na\n\n\n", "x", "x.txt").labels.size(),
            1U);
}

TEST(LabelSet, AMillionLabelsAreReadInLinearTime) {
  std::string content = "category: x\nstatement: {label}.\n---\n";
  for (int i = 0; i < 1'000'000; ++i) content += "label number " + std::to_string(i) + "\n";
  const auto start = std::chrono::steady_clock::now();
  const LabelSet set = parse_label_set(content, "x", "x.txt");
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(set.labels.size(), 1'000'000U);
  EXPECT_EQ(set.labels.back().name, "label number 999999");
  EXPECT_LT(seconds.count(), 30.0) << "0.2 s on an idle machine";
}

TEST(LabelSet, AFileThatCannotBeReadIsALabelsError) {
  try {
    load_label_set("/nonexistent/x.txt", "x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kLabels);
    EXPECT_STREQ(error.what(), "no such file or directory, /nonexistent/x.txt");
  }
}

TEST(LabelSet, ALabelThatIsThereTwiceIsRefusedAsLintDoes) {
  const std::string header = "category: animals\nstatement: This is {a} {label}.\n---\ncat\n";
  for (const char* again : {"cat", "Cat", " c a t", "CAT | say: tom"}) {
    try {
      parse_label_set(header + again + "\n", "x", "x.txt");
      FAIL() << again;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kLabels);
      EXPECT_EQ(error.where(), "x.txt:5");
      EXPECT_EQ(error.message().substr(error.message().size() - 6), " again");
    }
  }
  EXPECT_EQ(parse_label_set(header + "dog\n", "x", "x.txt").labels.size(), 2U);
}

}  // namespace
}  // namespace kiloword
