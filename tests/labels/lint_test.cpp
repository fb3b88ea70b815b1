#include "kiloword/labels/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace kiloword {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Each finding as "line severity: message; remedy".
std::vector<std::string> lint(const std::string& content, const TokenCounter& counter = {}, int limit = 0) {
  std::vector<std::string> lines;
  for (const Finding& finding : lint_label_set(content, "dir/f.txt", counter, limit)) {
    EXPECT_EQ(finding.path, "dir/f.txt");
    lines.push_back(std::to_string(finding.line) + " " + std::string(severity_name(finding.severity)) + ": " +
                    finding.message + (finding.remedy.empty() ? "" : "; " + finding.remedy));
  }
  return lines;
}

std::string with_labels(const std::string& labels) {
  return "category: x\nstatement: It is {label}.\n---\n" + labels;
}

std::string with_header(const std::string& line) {
  return "category: x\nstatement: It is {label}.\n" + line + "\n---\nlabel\n";
}

int count_words(const std::string& text) {
  return 2 + 1 + static_cast<int>(std::count(text.begin(), text.end(), ' '));  // start and end too
}

TEST(Lint, ACleanSetHasNoFindings) {
  EXPECT_THAT(lint(with_labels("cat\ndog | say: big dog\n")), IsEmpty());
}

TEST(Lint, FindsDuplicatesWhateverTheirCaseAndSpaces) {
  EXPECT_THAT(lint(with_labels("ice cream\nIce  Cream\nicecream\n\u00C9clair\n\u00E9clair\n")),
              ElementsAre("5 error: label 'Ice  Cream' again; the first is in line 4",
                          "5 warning: tab or double space in 'Ice  Cream'; captions show one space",
                          "6 error: label 'icecream' again; the first is in line 4",
                          "8 error: label '\u00E9clair' again; the first is in line 7"));
}

TEST(Lint, FindsLabelsThatMatchTheSameText) {
  EXPECT_THAT(
      lint(with_labels("crane\nbird | match: Crane\n")),
      ElementsAre(
          "5 warning: label 'bird' matches the same text as line 4; the two cannot be distinguished"));
}

TEST(Lint, CountsTokensOfEveryTemplate) {
  const std::string set =
      "category: x\nstatement: {label}.\nmatch: {label}\nmatch: a photo of {label}\n"
      "negative: one two three four five\n---\ncat\nvery big cat\n";
  EXPECT_THAT(lint(set, count_words, 7),
              ElementsAre("8 error: 8 tokens in 'a photo of very big cat'; the model reads at most 7"));
  EXPECT_THAT(lint(set, count_words, 6),
              ElementsAre("5 error: 7 tokens in 'one two three four five'; the model reads at most 6",
                          "8 error: 8 tokens in 'a photo of very big cat'; the model reads at most 6"));
  EXPECT_THAT(lint(set, count_words, 8), IsEmpty());
}

TEST(Lint, WarnsOfWhatACaptionWouldChange) {
  EXPECT_THAT(lint(with_labels("a [cat]\nb\tc\nx | say: d\u200Be\nf \n!?\n")),
              ElementsAre("4 warning: bracket in 'a [cat]'; captions show [ and ] as ( and )",
                          "5 warning: tab or double space in 'b\uFFFD"
                          "c'; captions show one space",
                          "6 warning: invisible character in 'd\uFFFD"
                          "e'; captions leave it out",
                          "7 warning: space at the end of the line",
                          "8 warning: label '!?' has no letter and no digit"));
}

TEST(Lint, WarnsOfSlipsInTemplates) {
  EXPECT_THAT(lint("category: x\nstatement: This is a {label}\n---\ncat\n"),
              ElementsAre("2 warning: 'a {label}' fits only some labels; write {a} {label}",
                          "2 warning: the statement does not end in '.', '!' or '?'"));
  EXPECT_THAT(lint(with_header("match: An {label}")),
              ElementsAre("3 warning: 'an {label}' fits only some labels; write {a} {label}"));
  EXPECT_THAT(lint(with_header("match: china {label}")), IsEmpty());
  EXPECT_THAT(lint(with_header("match: {a}{label}")),
              ElementsAre("3 warning: {a} without a space behind it"));
  EXPECT_THAT(lint(with_header("match: x {label}\nmatch: X  {label}")),
              ElementsAre("4 warning: tab or double space in 'X  {label}'; captions show one space",
                          "4 warning: match template again, first in line 3"));
}

TEST(Lint, FindsNegativesThatAreLabels) {
  EXPECT_THAT(lint(with_header(
                  "match: a {label} here\nnegative: Label\nnegative: a label here\nnegative: a label here")),
              ElementsAre("3 warning: 'a {label}' fits only some labels; write {a} {label}",
                          "4 error: negative 'label' is also a label; see line 8",
                          "5 error: negative 'a label here' is also a label; see line 8",
                          "6 warning: negative again, first in line 5"));
}

TEST(Lint, LooksAtGates) {
  EXPECT_THAT(lint(with_header("gate: medium: a, b, A")), ElementsAre("3 warning: the gate lists 'A' twice"));
}

TEST(Lint, ReportsManyThingsOfOneFileInTheOrderOfItsLines) {
  EXPECT_THAT(
      lint("statement: nothing\nfoo: bar\n---\ncat\ncat\ndog | x: y\n"),
      ElementsAre(
          "1 error: no {label} in a template: 'nothing'; write {label} where the label goes and {a} "
          "for its article",
          "2 error: unknown key 'foo'; keys are category, statement, match, negative, min-confidence, "
          "gate, description",
          "3 error: no 'category' in the header; add a line such as 'category: objects'",
          "5 error: label 'cat' again; the first is in line 4",
          "6 error: unknown label option 'x'; options are match, say, with-text, article and is-a"));
}

TEST(Lint, AFileThatCannotBeReadIsAFinding) {
  const std::vector<Finding> findings = lint_label_file("/nonexistent/x.txt");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, Severity::kError);
  EXPECT_EQ(findings[0].message, "no such file or directory");
  EXPECT_EQ(findings[0].line, 0);
}

}  // namespace
}  // namespace kiloword
