#include "kiloword/decision/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <random>

#include "kiloword/base/error.h"
#include "kiloword/decision/ranking.h"

namespace kiloword {
namespace {

SetCalibration two_labels() {
  SetCalibration calibration;
  calibration.means = {0.1, 0.3};
  calibration.deviations = {0.05, 0.1};
  calibration.offsets = {0.0, -0.7};
  calibration.logit_weight = 0.5;
  calibration.z_weight = 1.0;
  calibration.cosine_weight = 2.0;
  calibration.bias = -3.0;
  calibration.min_confidence = 0.6;
  return calibration;
}

std::vector<SelectionRules> calibrated_rules(const SetCalibration& calibration) {
  std::vector<SelectionRules> rules(1);
  rules[0].calibration = std::make_shared<const SetCalibration>(calibration);
  return rules;
}

TEST(Calibration, HandComputed) {
  // z = (0.2 - 0.1) / 0.05 = 2; logit(0.8) = log 4; -3 + 0.5 log 4 + 2 + 2 * 0.2 = 0.0931...
  const SetCalibration calibration = two_labels();
  EXPECT_NEAR(z_score(calibration, 0, 0.2), 2.0, 1e-12);
  EXPECT_NEAR(z_score(calibration, 1, 0.2), -1.0, 1e-12);
  const double sum = -3 + 0.5 * std::log(4.0) + 2 + 0.4;
  EXPECT_NEAR(calibrated_confidence(calibration, 0, 0.2, 0.8), 1 / (1 + std::exp(-sum)), 1e-12);
  const double of_second = -3 + 0.5 * std::log(4.0) - 1 + 0.4 - 0.7;
  EXPECT_NEAR(calibrated_confidence(calibration, 1, 0.2, 0.8), 1 / (1 + std::exp(-of_second)), 1e-12);
}

TEST(Calibration, NeverFallsAsCosineOrProbabilityRise) {
  const SetCalibration calibration = two_labels();
  double before = 0.0;
  for (int step = 0; step <= 100; ++step) {
    const double confidence = calibrated_confidence(calibration, 0, step / 50.0 - 1, step / 100.0);
    EXPECT_GE(confidence, before);
    EXPECT_LE(confidence, 1.0);
    before = confidence;
  }
}

TEST(Calibration, SoundnessIsCheckedInFull) {
  const SetCalibration good = two_labels();
  EXPECT_TRUE(is_sound(good, 2));
  EXPECT_FALSE(is_sound(good, 3));
  const auto with = [&good](auto change) {
    SetCalibration changed = good;
    change(changed);
    return is_sound(changed, 2);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(with([](SetCalibration& c) { c.deviations[1] = 0; }));
  EXPECT_FALSE(with([nan](SetCalibration& c) { c.means[0] = nan; }));
  EXPECT_FALSE(with([nan](SetCalibration& c) { c.offsets[1] = nan; }));
  EXPECT_FALSE(with([](SetCalibration& c) { c.offsets.clear(); }));
  EXPECT_FALSE(with([](SetCalibration& c) { c.z_weight = -0.1; }));
  EXPECT_FALSE(with([nan](SetCalibration& c) { c.bias = nan; }));
  EXPECT_FALSE(with([](SetCalibration& c) { c.min_confidence = 1.5; }));
  EXPECT_FALSE(with([nan](SetCalibration& c) { c.min_confidence = nan; }));
}

TEST(CalibratedRank, ConfidenceAndThresholdAreTheCalibrations) {
  const std::vector<SetScores> scores{{{0.2F, 0.1F}, {}}};
  std::vector<SelectionRules> rules = calibrated_rules(two_labels());
  rules[0].min_confidence = 1.0;  // the set's own, of probabilities
  RankOptions options;
  options.logits.scale = 10.0;
  Candidate candidate = rank_statements(scores, rules, options)[0];
  EXPECT_NEAR(candidate.best.confidence,
              calibrated_confidence(two_labels(), 0, 0.2F, candidate.best.probability), 1e-12);
  EXPECT_EQ(candidate.rejection, Rejection::kBelowConfidence) << candidate.best.confidence;
  options.min_confidence = 0.3;
  EXPECT_TRUE(rank_statements(scores, rules, options)[0].said());
  options.min_confidence.reset();
  options.rule = RankRule::kProbability;
  candidate = rank_statements(scores, rules, options)[0];
  EXPECT_EQ(candidate.best.confidence, candidate.best.probability);
}

TEST(CalibratedRank, SetsWithoutCalibrationGoByProbability) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> cosine(-0.1F, 0.4F);
  for (int round = 0; round < 50; ++round) {
    std::vector<SetScores> scores(4);
    for (SetScores& set : scores) {
      for (int i = 0; i < 5; ++i) set.cosines.push_back(cosine(random));
    }
    RankOptions calibrated;
    RankOptions probability;
    probability.rule = RankRule::kProbability;
    const auto a = rank_statements(scores, std::vector<SelectionRules>(4), calibrated);
    const auto b = rank_statements(scores, std::vector<SelectionRules>(4), probability);
    for (size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(a[i].set, b[i].set);
      EXPECT_EQ(a[i].best.confidence, b[i].best.confidence);
      EXPECT_EQ(a[i].rejection, b[i].rejection);
    }
  }
}

/// With the weight of the probability alone and no bias, the logistic of its logit is the probability again.
TEST(CalibratedRank, IdentityMapIsTheProbability) {
  SetCalibration identity = two_labels();
  identity.logit_weight = 1;
  identity.z_weight = identity.cosine_weight = identity.bias = 0;
  const auto candidate = rank_statements({{{0.2F, 0.19F}, {}}}, calibrated_rules(identity), {})[0];
  EXPECT_NEAR(candidate.best.confidence, candidate.best.probability, 1e-9);
}

TEST(CalibratedRank, GatesAndNegativesHoldAsBefore) {
  SetCalibration sure = two_labels();
  sure.bias = 50;
  std::vector<SelectionRules> rules(2);
  rules[0].calibration = rules[1].calibration = std::make_shared<const SetCalibration>(sure);
  rules[1].gate = OpenGate{0, {1}};
  const std::vector<SetScores> scores{{{0.3F, 0.2F}, {}}, {{0.3F, 0.2F}, {0.1F}}};
  const auto reason = [&](const std::vector<SetScores>& of) {
    for (const Candidate& candidate : rank_statements(of, rules, {})) {
      if (candidate.set == 1) return candidate.rejection;
    }
    return Rejection::kNone;
  };
  EXPECT_EQ(reason(scores), Rejection::kGate);
  rules[1].gate = OpenGate{0, {0}};
  EXPECT_EQ(reason(scores), Rejection::kNone);
  EXPECT_EQ(reason({scores[0], {{0.3F, 0.2F}, {0.4F}}}), Rejection::kNegativeWins);
}

TEST(CalibratedRank, ACalibrationOfAnotherSetIsADefect) {
  EXPECT_THROW(rank_statements({{{0.1F, 0.2F, 0.3F}, {}}}, calibrated_rules(two_labels()), {}), Error);
}

}  // namespace
}  // namespace kiloword
