#include "kiloword/decision/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;

SetScores random_scores(std::mt19937& random, size_t labels, size_t negatives) {
  std::uniform_real_distribution<float> cosine(-0.1F, 0.4F);
  SetScores scores;
  for (size_t i = 0; i < labels; ++i) scores.cosines.push_back(cosine(random));
  for (size_t i = 0; i < negatives; ++i) scores.negative_cosines.push_back(cosine(random));
  return scores;
}

std::vector<size_t> order_of(const std::vector<Candidate>& ranking) {
  std::vector<size_t> sets;
  sets.reserve(ranking.size());
  for (const Candidate& candidate : ranking) sets.push_back(candidate.set);
  return sets;
}

std::vector<size_t> said_of(const std::vector<Candidate>& ranking) {
  std::vector<size_t> sets;
  for (const Candidate& candidate : ranking) {
    if (candidate.said()) sets.push_back(candidate.set);
  }
  return sets;
}

Rejection reason_of(const std::vector<Candidate>& ranking, size_t set) {
  for (const Candidate& candidate : ranking) {
    if (candidate.set == set) return candidate.rejection;
  }
  ADD_FAILURE() << "set " << set << " is missing";
  return Rejection::kNone;
}

TEST(TopLabels, HandComputedSoftmax) {
  // logits 3, 1, 2 and a negative of 0: e^3 / (e^3 + e^1 + e^2 + e^0) and so on
  const std::vector<ScoredLabel> top = top_labels({{0.3F, 0.1F, 0.2F}, {0.0F}}, {10.0, {}}, 2);
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0].label, 0U);
  EXPECT_EQ(top[1].label, 2U);
  EXPECT_NEAR(top[0].probability, 0.6439142598879722, 1e-7);
  EXPECT_NEAR(top[1].probability, 0.23688281808991013, 1e-7);
  EXPECT_NEAR(top[0].cosine, 0.3, 1e-7);
  EXPECT_EQ(top[0].confidence, top[0].probability);
}

TEST(TopLabels, ProbabilitiesOfLabelsAndNegativesSumToOne) {
  std::mt19937 random(1);
  for (const double logit_scale : {0.0, 1.0, 100.0, 1e6}) {
    SetScores scores = random_scores(random, 50, 7);
    double sum = 0.0;
    for (const ScoredLabel& label : top_labels(scores, {logit_scale, {}}, 50)) sum += label.probability;
    std::swap(scores.cosines, scores.negative_cosines);  // the negatives' share is theirs as labels
    for (const ScoredLabel& label : top_labels(scores, {logit_scale, {}}, 50)) sum += label.probability;
    EXPECT_NEAR(sum, 1.0, 1e-12) << logit_scale;
  }
}

/// SigLIP's rule: every label by itself, so that all may be likely or none.
TEST(TopLabels, WithABiasProbabilitiesAreSigmoids) {
  const std::vector<ScoredLabel> top = top_labels({{0.1F, 0.15F}, {0.12F}}, {100.0, -12.0}, 2);
  EXPECT_EQ(top[0].label, 1U);
  EXPECT_NEAR(top[0].probability, 1 / (1 + std::exp(-3.0)), 1e-6);
  EXPECT_NEAR(top[1].probability, 1 / (1 + std::exp(2.0)), 1e-6);
  EXPECT_EQ(top[0].confidence, top[0].probability);
}

TEST(TopLabels, ProbabilityOrderIsCosineOrderAndTiesKeepTheirPlace) {
  std::mt19937 random(2);
  const SetScores scores = random_scores(random, 200, 3);
  const std::vector<ScoredLabel> top = top_labels(scores, {100.0, {}}, 1000);
  ASSERT_EQ(top.size(), 200U) << "no more than there are";
  for (size_t i = 1; i < top.size(); ++i) {
    EXPECT_GE(top[i - 1].cosine, top[i].cosine);
    EXPECT_GE(top[i - 1].probability, top[i].probability);
  }
  const std::vector<ScoredLabel> tied = top_labels({{0.1F, 0.2F, 0.2F, 0.2F}, {}}, {100.0, {}}, 3);
  EXPECT_EQ(tied[0].label, 1U);
  EXPECT_EQ(tied[1].label, 2U);
  EXPECT_EQ(tied[2].label, 3U);
}

TEST(RankStatements, ProbabilityRuleOrdersByConfidence) {
  // set 0: two like labels, half each; set 1: sure; set 2: nearly sure, though by smaller cosines
  const std::vector<SetScores> scores{{{0.30F, 0.30F}, {}}, {{0.10F, 0.40F}, {}}, {{0.20F, 0.15F}, {}}};
  const std::vector<Candidate> ranking = rank_statements(scores, std::vector<SelectionRules>(3), {});
  EXPECT_THAT(order_of(ranking), ElementsAre(1, 2, 0));
  EXPECT_THAT(said_of(ranking), ElementsAre(1, 2, 0));
  EXPECT_EQ(ranking[0].best.label, 1U);
  EXPECT_EQ(ranking[2].best.label, 0U) << "the first of equals";
}

TEST(RankStatements, TopKCountsOnlyWhatIsSaid) {
  const std::vector<SetScores> scores{
      {{0.4F, 0.1F}, {}}, {{0.4F, 0.2F}, {}}, {{0.4F, 0.35F}, {}}, {{0.4F, 0.36F}, {}}};
  std::vector<SelectionRules> rules(4);
  rules[0].selected = false;
  RankOptions options;
  options.top_k = 2;
  const std::vector<Candidate> ranking = rank_statements(scores, rules, options);
  EXPECT_THAT(said_of(ranking), ElementsAre(1, 2));
  EXPECT_EQ(reason_of(ranking, 0), Rejection::kNotSelected);
  EXPECT_EQ(reason_of(ranking, 3), Rejection::kNotAmongTopK);
  options.top_k = 0;
  EXPECT_THAT(said_of(rank_statements(scores, rules, options)), ElementsAre());
}

TEST(RankStatements, ThresholdIsTheSetsOwnUnlessOneIsGiven) {
  const std::vector<SetScores> scores{{{0.3F, 0.3F}, {}}, {{0.3F, 0.3F, 0.3F}, {}}};
  std::vector<SelectionRules> rules(2);
  rules[0].min_confidence = 0.6;
  RankOptions options;
  EXPECT_EQ(reason_of(rank_statements(scores, rules, options), 0), Rejection::kBelowConfidence);
  EXPECT_EQ(reason_of(rank_statements(scores, rules, options), 1), Rejection::kNone);
  options.min_confidence = 0.4;
  EXPECT_EQ(reason_of(rank_statements(scores, rules, options), 0), Rejection::kNone);
  EXPECT_EQ(reason_of(rank_statements(scores, rules, options), 1), Rejection::kBelowConfidence);
  options.min_confidence = 0.5;
  EXPECT_EQ(reason_of(rank_statements(scores, rules, options), 0), Rejection::kNone)
      << "at the threshold is enough";
}

TEST(RankStatements, NegativeThatWinsSilencesTheSet) {
  const std::vector<SetScores> scores{{{0.2F, 0.1F}, {0.25F}}, {{0.2F, 0.1F}, {0.2F}}};
  const std::vector<Candidate> ranking = rank_statements(scores, std::vector<SelectionRules>(2), {});
  EXPECT_EQ(reason_of(ranking, 0), Rejection::kNegativeWins);
  EXPECT_EQ(reason_of(ranking, 1), Rejection::kNone) << "a tie is no win";
}

TEST(RankStatements, GateOpensOnTheListedBestLabel) {
  std::vector<SetScores> scores{{{0.2F, 0.3F}, {0.1F}}, {{0.4F}, {}}};
  std::vector<SelectionRules> rules(2);
  rules[1].gate = OpenGate{0, {1}};
  EXPECT_EQ(reason_of(rank_statements(scores, rules, {}), 1), Rejection::kNone);
  rules[1].gate = OpenGate{0, {0}};
  EXPECT_EQ(reason_of(rank_statements(scores, rules, {}), 1), Rejection::kGate);
  rules[1].gate = OpenGate{0, {1}};
  rules[0].selected = false;
  EXPECT_EQ(reason_of(rank_statements(scores, rules, {}), 1), Rejection::kNone)
      << "looking needs no speaking";
  scores[0].negative_cosines[0] = 0.5F;
  EXPECT_EQ(reason_of(rank_statements(scores, rules, {}), 1), Rejection::kGate) << "none of its labels fits";
}

// The first system: argmax of each set by raw cosine, sets sorted by that cosine, the first three said.
TEST(RankStatements, CosineRuleIsTheFirstSystems) {
  const std::vector<SetScores> scores{{{0.21F, 0.24F, 0.19F, 0.23F}, {}},
                                      {{0.18F, 0.17F}, {}},
                                      {{0.20F, 0.26F, 0.11F}, {}},
                                      {{0.22F, 0.05F}, {}}};
  RankOptions options;
  options.rule = RankRule::kCosine;
  const std::vector<Candidate> ranking = rank_statements(scores, std::vector<SelectionRules>(4), options);
  EXPECT_THAT(order_of(ranking), ElementsAre(2, 0, 3, 1));
  EXPECT_THAT(said_of(ranking), ElementsAre(2, 0, 3));
  EXPECT_EQ(ranking[0].best.label, 1U);
  EXPECT_EQ(ranking[1].best.label, 1U);
  EXPECT_EQ(ranking[2].best.label, 0U);
  EXPECT_EQ(ranking[3].rejection, Rejection::kNotAmongTopK);
}

TEST(RankStatements, CosineRuleKnowsNoThresholdsGatesAndNegatives) {
  const std::vector<SetScores> scores{{{0.2F, 0.2F}, {0.4F}}, {{0.2F}, {}}, {{0.3F}, {}}};
  std::vector<SelectionRules> rules(3);
  rules[0].min_confidence = 1.0;
  rules[1].gate = OpenGate{0, {1}};
  rules[2].selected = false;
  RankOptions options;
  options.rule = RankRule::kCosine;
  EXPECT_THAT(said_of(rank_statements(scores, rules, options)), ElementsAre(0, 1))
      << "ties keep the order of the sets";
  options.min_confidence = 0.5;  // asked for
  EXPECT_THAT(said_of(rank_statements(scores, rules, options)), ElementsAre(1));
}

/// A label's numbers depend on its own set alone, so neither the other sets nor their order may matter.
TEST(RankStatements, NumbersOfASetDoNotDependOnTheOthers) {
  std::mt19937 random(3);
  std::vector<SetScores> scores;
  for (size_t i = 0; i < 6; ++i) scores.push_back(random_scores(random, 20 + i, i));
  for (const RankRule rule : {RankRule::kProbability, RankRule::kCosine}) {
    RankOptions options;
    options.rule = rule;
    const std::vector<Candidate> together = rank_statements(scores, std::vector<SelectionRules>(6), options);
    const std::vector<SetScores> reversed(scores.rbegin(), scores.rend());
    const std::vector<Candidate> backwards =
        rank_statements(reversed, std::vector<SelectionRules>(6), options);
    for (size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(together[i].set, 5 - backwards[i].set);
      EXPECT_EQ(together[i].rejection, backwards[i].rejection);
      const std::vector<ScoredLabel> alone = top_labels(scores[together[i].set], options.logits, 1);
      EXPECT_EQ(together[i].best.label, alone[0].label);
      EXPECT_EQ(together[i].best.probability, alone[0].probability);
    }
  }
}

TEST(RankStatements, ADefectOfTheCallerIsAnInternalError) {
  const auto message = [](const std::vector<SetScores>& scores,
                          const std::vector<SelectionRules>& rules) -> std::string {
    try {
      rank_statements(scores, rules, {});
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInternal);
      return error.what();
    }
    return "no error";
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(message({{{0.1F, nan}, {}}}, {{}}), "a cosine is not finite");
  EXPECT_EQ(message({{{0.1F}, {-infinity}}}, {{}}), "a cosine is not finite");
  EXPECT_EQ(message({{{}, {0.1F}}}, {{}}), "a label set without labels was scored");
  EXPECT_EQ(message({{{0.1F}, {}}}, {}), "every label set needs its rules");
  SelectionRules gated;
  gated.gate = OpenGate{7, {0}};
  EXPECT_EQ(message({{{0.1F}, {}}}, {gated}), "a gate names a label set that was not scored");
}

TEST(RankStatements, AMillionLabelsAreCheap) {
  std::mt19937 random(4);
  const std::vector<SetScores> scores{random_scores(random, 1'000'000, 10)};
  const auto start = std::chrono::steady_clock::now();
  rank_statements(scores, std::vector<SelectionRules>(1), {});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_LT(seconds.count(), 2.0) << "0.02 s on an idle machine";
}

}  // namespace
}  // namespace kiloword
