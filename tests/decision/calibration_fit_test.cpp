#include "kiloword/decision/calibration_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "decision/logistic_fit.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

TEST(LabelMoments, HandComputed) {
  LabelMoments moments(2);
  for (const float x : {0.1F, 0.3F, 0.2F, 0.2F}) moments.add({x, 0.5F});
  EXPECT_EQ(moments.images(), 4U);
  EXPECT_NEAR(moments.means()[0], 0.2, 1e-7);
  EXPECT_NEAR(moments.deviations()[0], std::sqrt(0.02 / 4), 1e-7);
  EXPECT_NEAR(moments.means()[1], 0.5, 1e-7);
  EXPECT_EQ(moments.deviations()[1], 1e-4) << "never 0";
  EXPECT_THROW(moments.add({0.1F}), Error);
}

/// One feature of two values: the fit must reproduce the share of each, up to the small ridge.
TEST(FitLogistic, SharesOfTwoGroups) {
  LogisticExamples examples;
  for (int i = 0; i < 1000; ++i) {
    examples.rows.push_back({i < 500 ? 0.0 : 1.0, 7.0, 7.0});
    examples.outcomes.push_back(i < 500 ? i % 5 == 0 : i % 5 != 0);  // 20 % and 80 %
  }
  examples.groups.resize(1000);
  const LogisticFit fit = fit_logistic(examples);
  EXPECT_NEAR(fit.bias, std::log(0.25), 0.02);
  EXPECT_NEAR(fit.bias + fit.weights[0], std::log(4.0), 0.02);
  EXPECT_EQ(fit.weights[1], 0) << "does not vary";
}

TEST(FitLogistic, FindsTheWeightsThatMadeTheData) {
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  constexpr std::array<double, 3> kOffsets{0.0, 1.0, -1.0};
  LogisticExamples examples;
  examples.group_count = 4;  // nothing is known of the last one
  for (size_t i = 0; i < 60000; ++i) {
    const FeatureRow row{normal(random), 3 + 2 * normal(random), normal(random)};
    examples.rows.push_back(row);
    examples.groups.push_back(i % 3);
    examples.outcomes.push_back(uniform(random) < 1 / (1 + std::exp(-(1.5 * row[0] + 0.5 * row[1] - 1 -
                                                                      0.8 * row[2] + kOffsets[i % 3]))));
  }
  const LogisticFit with_negative = fit_logistic(examples);
  EXPECT_EQ(with_negative.weights[2], 0) << "a negative weight is left out";
  for (FeatureRow& row : examples.rows) row[2] = -row[2];
  const LogisticFit fit = fit_logistic(examples);
  for (size_t group = 0; group < 3; ++group) EXPECT_NEAR(fit.offsets[group], kOffsets[group], 0.1);
  EXPECT_EQ(fit.offsets[3], 0.0);
  const double sum = fit.bias + fit.weights[0] + 2 * fit.weights[1] + 3 * fit.weights[2] + fit.offsets[1];
  EXPECT_NEAR(fit.probability({1.0, 2.0, 3.0}, 1), 1 / (1 + std::exp(-sum)), 1e-12);
  EXPECT_NEAR(fit.weights[0], 1.5, 0.06);
  EXPECT_NEAR(fit.weights[1], 0.5, 0.03);
  EXPECT_NEAR(fit.weights[2], 0.8, 0.06);
  EXPECT_NEAR(fit.bias, -1.0, 0.1);
}

/// Three of four right are little to go by. At the optimum the sum of outcome less probability is twice the
/// offset, in each group; the other group, of many examples half of which are right, holds bias and its
/// offset at sum 0.
TEST(FitLogistic, FewExamplesMoveAnOffsetLittle) {
  LogisticExamples examples;
  examples.group_count = 2;
  for (int i = 0; i < 100000; ++i) {
    examples.rows.push_back({0.0, 0.0, 0.0});
    examples.groups.push_back(0);
    examples.outcomes.push_back(i % 2 == 0);
  }
  for (int i = 0; i < 4; ++i) {
    examples.rows.push_back({0.0, 0.0, 0.0});
    examples.groups.push_back(1);
    examples.outcomes.push_back(i != 0);
  }
  const LogisticFit fit = fit_logistic(examples);
  const double offset = fit.offsets[1];
  EXPECT_NEAR(3 - 4 / (1 + std::exp(-fit.bias - offset)), 2 * offset, 1e-3);
  EXPECT_NEAR(fit.bias + fit.offsets[0], 0, 1e-3);
  EXPECT_LT(fit.bias + offset, 0.6) << "far from log 3";
}

constexpr size_t kLabels = 7;

/// Statements whose chance to be true grows with z, and depends on the label; every fifth is about an image
/// that nothing fits.
std::vector<JudgedStatement> random_statements(size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  std::vector<JudgedStatement> statements;
  for (size_t i = 0; i < count; ++i) {
    JudgedStatement statement;
    statement.out_of_set = i % 5 == 0;
    statement.label = i % kLabels;
    statement.z = normal(random) - (statement.out_of_set ? 1.0 : 0.0);
    statement.cosine = statement.z / 10;
    statement.probability = uniform(random);
    statement.is_true =
        !statement.out_of_set &&
        uniform(random) <
            1 / (1 + std::exp(-3 * statement.z - 0.4 * (static_cast<double>(statement.label) - 3)));
    statements.push_back(statement);
  }
  return statements;
}

/// Of so many labels as `random_statements` are about.
SetCalibration unfitted() {
  SetCalibration calibration;
  calibration.means.resize(kLabels);
  calibration.deviations.resize(kLabels, 1.0);
  return calibration;
}

double confidence_of(const SetCalibration& calibration, const JudgedStatement& statement) {
  SetCalibration shifted = calibration;  // so that the label's z is the statement's
  shifted.means[statement.label] = statement.cosine - statement.z;
  return calibrated_confidence(shifted, statement.label, statement.cosine, statement.probability);
}

TEST(FitConfidence, ConfidenceIsTheShareOfTrueStatementsOnOtherData) {
  SetCalibration calibration = unfitted();
  fit_confidence(calibration, random_statements(4000, 1), {});
  double sum = 0;
  double is_true = 0;
  double said = 0;
  double said_true = 0;
  const auto others = random_statements(20000, 2);
  for (const JudgedStatement& statement : others) {
    const double confidence = confidence_of(calibration, statement);
    sum += confidence;
    is_true += statement.is_true ? 1 : 0;
    if (confidence < calibration.min_confidence) continue;
    ++said;
    said_true += statement.is_true ? 1 : 0;
  }
  EXPECT_NEAR(sum / 20000, is_true / 20000, 0.02);
  EXPECT_GE(said_true / said, 0.79);
  EXPECT_GT(said, 2000);
}

TEST(FitConfidence, ThresholdKeepsItsTargets) {
  const auto statements = random_statements(2000, 3);
  for (const double precision : {0.6, 0.8, 0.95}) {
    SetCalibration calibration = unfitted();
    CalibrationTargets targets;
    targets.precision = precision;
    fit_confidence(calibration, statements, targets);
    double said = 0;
    double said_true = 0;
    double absent_said = 0;
    for (const JudgedStatement& statement : statements) {
      if (confidence_of(calibration, statement) < calibration.min_confidence) continue;
      ++said;
      said_true += statement.is_true ? 1 : 0;
      absent_said += statement.out_of_set ? 1 : 0;
    }
    EXPECT_GE(said_true / said, precision);
    EXPECT_LE(absent_said, 0.1 * 400 + 1);
    EXPECT_GE(calibration.min_confidence, 0.5);
  }
}

/// 100 true statements above 90 false ones about absent images; 110 more absent ones are silenced. Said may
/// be a tenth of all 200 absent images, not of the 90 that no negative silences.
TEST(FitConfidence, SilencedImagesCountAsNotSpokenAbout) {
  const auto absent_said = [](size_t vetoed) {
    std::vector<JudgedStatement> statements;
    for (int i = 0; i < 190; ++i) {
      const bool out_of_set = i >= 100;
      statements.push_back(
          {0, 0.2, 0.3, out_of_set ? 1 - 0.01 * (i - 100) : 2.0, !out_of_set, out_of_set, false});
    }
    statements.resize(statements.size() + vetoed, {0, 0.9, 0.9, 9.0, false, true, true});
    SetCalibration calibration = unfitted();
    fit_confidence(calibration, statements, {0.6, 0.1, 0.0});
    return std::count_if(statements.begin(), statements.end(), [&](const JudgedStatement& statement) {
      return statement.out_of_set && !statement.vetoed &&
             confidence_of(calibration, statement) >= calibration.min_confidence;
    });
  };
  EXPECT_NEAR(static_cast<double>(absent_said(0)), 9, 1)
      << "the last one equals the threshold but for rounding";
  EXPECT_NEAR(static_cast<double>(absent_said(110)), 20, 1);
}

/// Three labels under equal numbers: one is right half the time, one never is, one is never met.
TEST(FitConfidence, ALabelThatWasNeverSeenToBeRightIsDoubted) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform;
  std::vector<JudgedStatement> statements;
  for (size_t i = 0; i < 300; ++i) {
    JudgedStatement statement;
    statement.label = i % 30 == 0 ? 1 : 0;
    statement.probability = 0.3 + 0.4 * uniform(random);
    statement.is_true = statement.label == 0 && uniform(random) < 0.5;
    statement.out_of_set = !statement.is_true;
    statements.push_back(statement);
  }
  SetCalibration calibration = unfitted();
  fit_confidence(calibration, statements, {0.9, 1.0, 0.0});
  EXPECT_LT(calibration.offsets[1], calibration.offsets[2]);
  EXPECT_LT(calibration.offsets[2], -1);
  EXPECT_GT(calibration.offsets[0], -0.1);
}

TEST(FitConfidence, TooLittleIsRefused) {
  SetCalibration calibration = unfitted();
  EXPECT_THROW(fit_confidence(calibration, random_statements(39, 1), {}), Error);
  auto all_false = random_statements(500, 1);
  for (JudgedStatement& statement : all_false) statement.is_true = false;
  EXPECT_THROW(fit_confidence(calibration, all_false, {}), Error);
}

TEST(FitToBackground, ATenthIsSpokenAbout) {
  std::vector<double> z;
  z.reserve(1000);
  for (int i = 0; i < 1000; ++i) z.push_back((i * 7919 % 1000) / 100.0);
  SetCalibration calibration = unfitted();
  fit_to_background(calibration, z);
  const auto confidence = [&calibration](double value) {
    JudgedStatement statement;
    statement.z = value;
    statement.probability = 0.3;
    return confidence_of(calibration, statement);
  };
  EXPECT_NEAR(confidence(5.0), 0.5, 0.01);
  EXPECT_NEAR(confidence(9.0), 0.9, 0.01);
  EXPECT_EQ(calibration.min_confidence, 0.9);
  EXPECT_THROW(fit_to_background(calibration, {1.0}), Error);
}

/// Kinds that are true by halves, hypernyms that nearly always are: at a promise that kinds cannot keep, the
/// threshold lets hypernyms pass.
TEST(FitConfidence, HypernymsAreSaidWhereKindsFail) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> uniform;
  std::vector<JudgedStatement> statements;
  for (size_t i = 0; i < 1000; ++i) {
    JudgedStatement statement;
    statement.label = i % 2;
    statement.probability = 0.3 + 0.2 * uniform(random);
    statement.cosine = 0.2;
    statement.is_true = uniform(random) < 0.5;
    const bool fits = statement.is_true || uniform(random) < 0.9;
    statement.out_of_set = !fits;
    statement.hypernyms.push_back({2, statement.cosine, 0.8 + 0.1 * uniform(random), 0.0, fits});
    statements.push_back(statement);
  }
  SetCalibration calibration;
  calibration.means.resize(3);
  calibration.deviations.resize(3, 1.0);
  CalibrationTargets targets;
  targets.precision = 0.9;
  targets.false_on_absent = 1;
  fit_confidence(calibration, statements, targets);
  const auto confidence = [&](size_t label, double probability) {
    return calibrated_confidence(calibration, label, 0.0, 0.2, probability);
  };
  EXPECT_LT(confidence(0, 0.4), calibration.min_confidence);
  EXPECT_GE(confidence(2, 0.85), calibration.min_confidence);
  EXPECT_NEAR(confidence(2, 0.85), 0.95, 0.03);
  EXPECT_NEAR(confidence(1, 0.4), 0.5, 0.06);
}

}  // namespace
}  // namespace kiloword
