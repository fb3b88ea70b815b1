#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/decision/ranking.h"
#include "kiloword/labels/lint.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;

constexpr double kScale = 10;

std::shared_ptr<const LabelTree> tree_of(const std::string& labels) {
  return LabelTree::of(parse_label_set("category: x\nstatement: {label}\n---\n" + labels, "f", "f.txt"));
}

// 0 animal, 1 dog, 2 beagle, 3 chihuahua, 4 cat, 5 teapot
std::shared_ptr<const LabelTree> animals() {
  return tree_of(
      "animal | match: none\ndog | match: none | is-a: animal\nbeagle | is-a: dog\nchihuahua | is-a: dog\n"
      "cat | is-a: animal\nteapot\n");
}

/// Cosines that give labels these probabilities, which sum to 1; 0 stands for none.
SetScores scores_of(const std::vector<double>& probabilities) {
  SetScores scores;
  for (const double p : probabilities)
    scores.cosines.push_back(p == 0 ? 0.0F : static_cast<float>(std::log(p) / kScale));
  return scores;
}

SelectionRules with(const std::shared_ptr<const LabelTree>& tree, double min_confidence) {
  SelectionRules rules;
  rules.min_confidence = min_confidence;
  rules.tree = tree;
  return rules;
}

RankOptions scaled() {
  RankOptions options;
  options.logits = {kScale, {}};
  return options;
}

Candidate hedged(const SetScores& scores, double min_confidence) {
  return rank_statements({scores}, {with(animals(), min_confidence)}, scaled()).front();
}

TEST(Hedging, TheMostSpecificNameThatPassesIsSaid) {
  const SetScores scores = scores_of({0, 0, 0.25, 0.35, 0.2, 0.2});
  Candidate said = hedged(scores, 0.3);
  EXPECT_EQ(said.best.label, 3U);
  EXPECT_TRUE(said.said());
  said = hedged(scores, 0.5);
  EXPECT_EQ(said.best.label, 1U) << "a dog, not the wrong breed";
  EXPECT_TRUE(said.said());
  EXPECT_NEAR(said.best.probability, 0.6, 1e-6);
  EXPECT_NEAR(said.best.cosine, std::log(0.35) / kScale, 1e-6) << "of its best kind";
  EXPECT_EQ(said.best.kind, 3U);
  said = hedged(scores, 0.7);
  EXPECT_EQ(said.best.label, 0U);
  EXPECT_NEAR(said.best.confidence, 0.8, 1e-6);
  said = hedged(scores, 0.9);
  EXPECT_EQ(said.best.label, 3U) << "nothing passes: the best label is left out";
  EXPECT_EQ(said.rejection, Rejection::kBelowConfidence);
  ASSERT_EQ(said.path.size(), 3U);
  EXPECT_EQ(said.path[0].label, 3U);
  EXPECT_EQ(said.path[1].label, 1U);
  EXPECT_EQ(said.path[2].label, 0U);
}

TEST(Hedging, ANameOutsideTheTreeIsItsOwnPath) {
  const Candidate said = hedged(scores_of({0, 0, 0.1, 0.1, 0.2, 0.6}), 0.5);
  EXPECT_EQ(said.best.label, 5U);
  EXPECT_EQ(said.path.size(), 1U);
}

TEST(Hedging, AHypernymWithATextCompetesAndCounts) {
  // 0 dog, 1 beagle, 2 chihuahua
  const auto tree = tree_of("dog\nbeagle | is-a: dog\nchihuahua | is-a: dog\n");
  const SetScores scores = scores_of({0.5, 0.2, 0.3});
  const auto say = [&](double min_confidence) {
    return rank_statements({scores}, {with(tree, min_confidence)}, scaled()).front().best;
  };
  EXPECT_EQ(say(0.25).label, 2U) << "the best leaf below the best label";
  EXPECT_EQ(say(0.4).label, 0U);
  EXPECT_NEAR(say(0.4).probability, 1.0, 1e-6) << "its own text's and its kinds'";
  EXPECT_EQ(say(0.4).kind, 0U) << "its own text fits best";
}

TEST(Hedging, ALabelWithoutATextCountsForNothing) {
  SetScores scores = scores_of({0, 0, 0.25, 0.35, 0.2, 0.2});
  const Candidate low = hedged(scores, 0.5);
  scores.cosines[0] = 1.0F;
  scores.cosines[1] = -1.0F;
  const Candidate high = hedged(scores, 0.5);
  EXPECT_EQ(low.best.label, high.best.label);
  EXPECT_EQ(low.best.probability, high.best.probability);
  EXPECT_EQ(best_label(scores, animals().get()), 3U);
  const auto top = top_labels(scores, {kScale, {}}, 10, animals().get());
  ASSERT_EQ(top.size(), 4U);
  EXPECT_EQ(top[0].label, 3U);
  EXPECT_NEAR(top[0].probability, 0.35, 1e-6);
}

TEST(Hedging, NegativesAndGatesSilenceAllNames) {
  SetScores scores = scores_of({0, 0, 0.25, 0.35, 0.2, 0.2});
  scores.negative_cosines = {0.0F};
  EXPECT_EQ(hedged(scores, 0.0).rejection, Rejection::kNegativeWins);
  EXPECT_EQ(hedged(scores, 0.0).best.label, 3U);
}

TEST(Hedging, TheCosineRuleDoesNotHedge) {
  RankOptions options = scaled();
  options.rule = RankRule::kCosine;
  const auto ranking =
      rank_statements({scores_of({0, 0, 0.25, 0.35, 0.2, 0.2})}, {with(animals(), 0.5)}, options);
  EXPECT_EQ(ranking[0].best.label, 3U);
  EXPECT_TRUE(ranking[0].said());
  EXPECT_TRUE(ranking[0].path.empty());
}

TEST(Hedging, TextsThatDoNotCompeteAreIndependent) {
  const auto path = hedging_path({{0, 0, 0.1F, 0.12F, 0.0F, 0.05F}, {}}, {100.0, -12.0}, *animals(), nullptr);
  ASSERT_EQ(path.size(), 3U);
  const double beagle = 1 / (1 + std::exp(2.0));
  EXPECT_NEAR(path[0].probability, 0.5, 1e-5);
  EXPECT_NEAR(path[1].probability, 1 - 0.5 * (1 - beagle), 1e-5);
  EXPECT_GE(path[2].probability, path[1].probability);
}

TEST(Hedging, CalibratedConfidenceHasTheBestKindsZAndTheHypernymsOffset) {
  SetCalibration calibration;
  calibration.means.assign(6, -0.2);
  calibration.deviations.assign(6, 0.1);
  calibration.offsets = {-5, 0.5, 0, 0, 0, 0};
  calibration.logit_weight = 1;
  calibration.z_weight = 0.5;
  const SetScores scores = scores_of({0, 0, 0.25, 0.35, 0.2, 0.2});
  const auto path = hedging_path(scores, {kScale, {}}, *animals(), &calibration);
  const double z = (std::log(0.35) / kScale + 0.2) / 0.1;
  EXPECT_NEAR(path[1].confidence, 1 / (1 + std::exp(-(std::log(0.6 / 0.4) + 0.5 * z + 0.5))), 1e-5);
  EXPECT_EQ(path[2].confidence, path[1].confidence) << "who is sure of the dog is sure of the animal";
}

TEST(Hedging, ATreeOfAnotherSetIsRefused) {
  EXPECT_THROW(rank_statements({{{0.1F, 0.2F}, {}}}, {with(animals(), 0)}, {}), Error);
}

/// Trees over random sets: the numbers rise along the path, the threshold holds, and where the best label
/// passes the statement is the one of the set without a tree.
TEST(Hedging, NeverTakesAwayWhatPassed) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> cosine(-0.2F, 0.4F);
  std::uniform_real_distribution<double> threshold(0, 1);
  for (int round = 0; round < 500; ++round) {
    std::string labels = "h0 | match: none\n";
    for (int i = 1; i < 8; ++i)
      labels += "h" + std::to_string(i) + " | match: none | is-a: h" + std::to_string(i / 2) + "\n";
    for (int i = 0; i < 40; ++i) {
      labels += "l" + std::to_string(i);
      if (i % 5 != 0 || i < 8) labels += " | is-a: h" + std::to_string(i % 8);
      labels += "\n";
    }
    const auto tree = tree_of(labels);
    SetScores scores;
    for (int i = 0; i < 48; ++i) scores.cosines.push_back(cosine(random));
    SetScores flat_scores;
    flat_scores.cosines.assign(scores.cosines.begin() + 8, scores.cosines.end());
    RankOptions options = scaled();
    options.logits.scale = 40;
    SelectionRules flat;
    flat.min_confidence = threshold(random);
    const Candidate without = rank_statements({flat_scores}, {flat}, options)[0];
    const Candidate with_tree = rank_statements({scores}, {with(tree, flat.min_confidence)}, options)[0];
    if (without.said()) {
      EXPECT_TRUE(with_tree.said());
      EXPECT_EQ(with_tree.best.label, without.best.label + 8);
      EXPECT_EQ(with_tree.best.probability, without.best.probability);
    }
    EXPECT_EQ(with_tree.said(), with_tree.best.confidence >= flat.min_confidence);
    for (size_t i = 1; i < with_tree.path.size(); ++i) {
      EXPECT_GE(with_tree.path[i].probability, with_tree.path[i - 1].probability - 1e-12);
      EXPECT_GE(with_tree.path[i].confidence, with_tree.path[i - 1].confidence);
      EXPECT_LE(with_tree.path[i].probability, 1.0);
      EXPECT_EQ(tree->hypernym(with_tree.path[i - 1].label), with_tree.path[i].label);
    }
  }
}

TEST(PerSet, SaysDifferentObjectsOnly) {
  // 0 animal, 1 dog, 2 beagle, 3 chihuahua, 4 cat, 5 teapot
  const SetScores scores = scores_of({0, 0, 0.3, 0.35, 0.05, 0.3});
  RankOptions options = scaled();
  options.per_set = 3;
  const auto said = [&](double min_confidence) {
    std::vector<size_t> labels;
    for (const Candidate& candidate : rank_statements({scores}, {with(animals(), min_confidence)}, options)) {
      EXPECT_TRUE(candidate.said());
      labels.push_back(candidate.best.label);
    }
    return labels;
  };
  EXPECT_THAT(said(0.25), ElementsAre(3, 2, 5)) << "two breeds and a teapot";
  EXPECT_THAT(said(0.32), ElementsAre(3)) << "a dog is a hypernym of what is said";
  options.per_set = 1;
  EXPECT_THAT(said(0.25), ElementsAre(3));
  options.per_set = 2;
  EXPECT_THAT(said(0.25), ElementsAre(3, 2));
}

TEST(PerSet, HedgedNamesAreSaidOnce) {
  const SetScores scores = scores_of({0, 0, 0.28, 0.3, 0.02, 0.4});
  RankOptions options = scaled();
  options.per_set = 5;
  const auto ranking = rank_statements({scores}, {with(animals(), 0.4 - 1e-6)}, options);
  ASSERT_EQ(ranking.size(), 2U);
  EXPECT_EQ(ranking[0].best.label, 1U) << "of the two the surer";
  EXPECT_EQ(ranking[1].best.label, 5U);
}

TEST(PerSet, NegativesAndTopKHoldForFurtherStatements) {
  SetScores scores{{0.3F, 0.25F, 0.2F, 0.1F}, {0.22F}};
  RankOptions options;
  options.logits.scale = 1;
  options.per_set = 4;
  options.min_confidence = 0;
  EXPECT_EQ(rank_statements({scores}, std::vector<SelectionRules>(1), options).size(), 2U);
  options.top_k = 1;
  const auto ranking = rank_statements({scores}, std::vector<SelectionRules>(1), options);
  EXPECT_TRUE(ranking[0].said());
  EXPECT_EQ(ranking[1].rejection, Rejection::kNotAmongTopK);
}

TEST(PerSet, ASetThatSaysNothingHasOneCandidate) {
  RankOptions options;
  options.per_set = 4;
  options.min_confidence = 1;
  EXPECT_EQ(rank_statements({{{0.3F, 0.29F}, {}}}, std::vector<SelectionRules>(1), options).size(), 1U);
}

/// The example of labels/README.md, and what it says of it.
TEST(Hedging, TheExampleOfTheReadmeIsAsDescribed) {
  std::ifstream file(KILOWORD_SOURCE_DIR "/labels/README.md");
  std::string content;
  bool has_hypernym = false;
  for (std::string line, block; std::getline(file, line);) {
    if (line.rfind("    ", 0) == 0) {
      block += line.substr(4) + "\n";
      continue;
    }
    if (block.find("| is-a: ") != std::string::npos) {
      content = block;
      has_hypernym = true;
    }
    block.clear();
  }
  ASSERT_TRUE(has_hypernym);
  EXPECT_THAT(lint_label_set(content, "f.txt"), ::testing::IsEmpty());
  const LabelSet set = parse_label_set(content, "f", "f.txt");
  SelectionRules rules;
  rules.min_confidence = *set.min_confidence;
  rules.tree = LabelTree::of(set);
  RankOptions options;
  options.logits.scale = 1;
  const auto log_of = [](double p) { return static_cast<float>(std::log(p)); };
  const SetScores scores{{0, -1e9F, log_of(0.25), log_of(0.35), log_of(0.2), log_of(0.2)}, {}};
  const Candidate said = rank_statements({scores}, {rules}, options).front();
  EXPECT_NEAR(said.best.probability, 0.6, 1e-6);
  EXPECT_EQ(statement_text(set, set.labels[said.best.label]), "There is a dog in this image.");
}

}  // namespace
}  // namespace kiloword
