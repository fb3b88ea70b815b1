#include "kiloword/labels/label_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/labels/lint.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kHeader = "category: x\nstatement: It is {a} {label}.\n---\n";

LabelSet set_of(const std::string& labels) {
  return parse_label_set(kHeader + labels, "f", "f.txt");
}

std::string error_of(const std::string& labels) {
  try {
    set_of(labels);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kLabels);
    return error.what();
  }
  return "";
}

std::vector<std::string> lint(const std::string& labels) {
  std::vector<std::string> lines;
  for (const Finding& finding : lint_label_set(kHeader + labels, "f.txt")) {
    lines.push_back(std::to_string(finding.line) + " " + std::string(severity_name(finding.severity)) + ": " +
                    finding.message + "; " + finding.remedy);
  }
  return lines;
}

TEST(Hypernyms, AreNamedBeforeOrAfterTheirKinds) {
  const LabelSet set =
      set_of("chihuahua | is-a: dog\nanimal | match: none\ndog | is-a: animal\ncat | is-a: animal\n");
  EXPECT_EQ(set.labels[0].hypernym, 2U);
  EXPECT_EQ(set.labels[1].hypernym, std::nullopt);
  EXPECT_EQ(set.labels[2].hypernym, 1U);
  EXPECT_TRUE(set.labels[2].has_text);
  EXPECT_FALSE(set.labels[1].has_text);
  EXPECT_THAT(label_prompts(set, set.labels[1]), IsEmpty());
  EXPECT_EQ(statement_text(set, set.labels[1]), "It is an animal.");
}

TEST(Hypernyms, MakeATree) {
  const LabelSet set = set_of(
      "animal | match: none\ndog | is-a: animal\nbeagle | is-a: dog\nchihuahua | is-a: dog\ncat | is-a: "
      "animal\n"
      "teapot\n");
  const auto tree = LabelTree::of(set);
  ASSERT_NE(tree, nullptr);
  EXPECT_THAT(tree->path(2), ElementsAre(2, 1, 0));
  EXPECT_THAT(tree->path(5), ElementsAre(5));
  EXPECT_TRUE(tree->is_a(3, 0));
  EXPECT_TRUE(tree->is_a(3, 3));
  EXPECT_FALSE(tree->is_a(0, 3));
  EXPECT_FALSE(tree->is_a(4, 1));
  EXPECT_THAT(tree->kinds_first(), ElementsAre(2, 3, 1, 4, 0, 5));
  // leaves: beagle, chihuahua, cat, teapot
  EXPECT_EQ(tree->information(2), 1);
  EXPECT_EQ(tree->information(5), 1);
  EXPECT_NEAR(tree->information(1), 1 - std::log(2) / std::log(4), 1e-12);
  EXPECT_NEAR(tree->information(0), 1 - std::log(3) / std::log(4), 1e-12);
}

TEST(Hypernyms, WithoutAnyThereIsNoTree) {
  EXPECT_EQ(LabelTree::of(set_of("cat\ndog\n")), nullptr);
}

TEST(Hypernyms, ALabelSetThatIsNoForestIsRefused) {
  std::vector<Label> labels(2);
  labels[0].hypernym = 1;
  labels[1].hypernym = 0;
  EXPECT_THROW(LabelTree{labels}, Error);
}

TEST(Hypernyms, SlipsAreNamed) {
  EXPECT_EQ(error_of("spaniel\ncocker | is-a: spanile\n"),
            "is-a names no label of the set: 'spanile', f.txt:5; did you mean 'spaniel'?");
  EXPECT_EQ(error_of("beagle | is-a: animal\n"),
            "is-a names no label of the set: 'animal', f.txt:4; give the hypernym a line of its own");
  EXPECT_EQ(error_of("a | is-a: b\nb | is-a: c\nc | is-a: a\n"),
            "is-a forms a cycle: 'a' is a 'b' is a 'c' is a 'a', f.txt:6; leave out one of these");
  EXPECT_EQ(error_of("a | is-a: a\n"), "is-a forms a cycle: 'a' is a 'a', f.txt:4; leave out one of these");
  EXPECT_EQ(
      error_of("a | match: none\n"),
      "label 'a' has neither a text nor kinds, f.txt:4; leave out 'match: none', or let labels name it with "
      "is-a");
  EXPECT_EQ(error_of("a\nb | is-a: a | is-a: a\n"), "second label option 'is-a', f.txt:5");
  EXPECT_EQ(error_of("a | match: none | match: b\n"), "second label option 'match', f.txt:4");
}

TEST(Hypernyms, HaveALimit) {
  std::string labels = "n0\n";
  for (size_t i = 1; i <= kMaxHypernyms; ++i) {
    labels += "n" + std::to_string(i) + " | is-a: n" + std::to_string(i - 1) + "\n";
  }
  EXPECT_EQ(error_of(labels), "");
  EXPECT_EQ(error_of(labels + "deep | is-a: n8\n"),
            "label 'deep' lies too deep, f.txt:13; a label has at most 8 hypernyms above it");
}

TEST(Hypernyms, LintFindsAllSlipsAndGoesOn) {
  EXPECT_THAT(
      lint("a | is-a: b\nb | is-a: a\nc | is-a: no\nd | match: none\ne | is-a: d\nf | is-a: f\n"),
      ElementsAre("5 error: is-a forms a cycle: 'a' is a 'b' is a 'a'; leave out one of these",
                  "6 error: is-a names no label of the set: 'no'; give the hypernym a line of its own",
                  "7 warning: hypernym 'd' has only one kind; give it more, or a text of its own, or leave "
                  "it out",
                  "9 error: is-a forms a cycle: 'f' is a 'f'; leave out one of these"));
  EXPECT_THAT(lint("dog\nchihuahua | is-a: dog\n"), IsEmpty()) << "the two texts compete";
  EXPECT_THAT(lint("animal | match: none\ndog | is-a: animal\ncat | match: animal | is-a: animal\n"),
              IsEmpty());
}

/// Names without end, circles over all labels, and slips in every line take linear time.
TEST(Hypernyms, HostileSetsAreFast) {
  std::string slips;
  std::string circle;
  for (int i = 0; i < 100'000; ++i) {
    slips += "label" + std::to_string(i) + " | is-a: labe" + std::to_string(i) + "\n";
    circle += "label" + std::to_string(i) + " | is-a: label" + std::to_string((i + 1) % 100'000) + "\n";
  }
  EXPECT_EQ(lint(slips).size(), kMaxFindings + 1);
  EXPECT_EQ(lint(circle).size(), kMaxFindings + 1);
}

}  // namespace
}  // namespace kiloword
