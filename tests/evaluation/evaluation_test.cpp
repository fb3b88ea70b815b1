#include "kiloword/evaluation/evaluation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace kiloword {
namespace {

JudgedImage judged(const std::string& class_name, size_t true_rank, double confidence, bool said,
                   size_t best_label = 0) {
  JudgedImage image;
  image.class_name = class_name;
  image.out_of_set = true_rank == 0;
  image.true_rank = true_rank;
  image.best.label = best_label;
  image.best.confidence = confidence;
  image.said = said;
  return image;
}

const std::vector<std::string>& names() {
  static const std::vector<std::string> kNames{"cat", "dog", "owl"};
  return kNames;
}

TEST(Evaluation, CountsByHand) {
  const Evaluation result = evaluate(
      {judged("cat", 1, 0.95, true), judged("cat", 2, 0.55, true, 1), judged("cat", 6, 0.15, false, 2),
       judged("dog", 1, 0.85, true, 1), judged("fog", 0, 0.65, true, 2), judged("fog", 0, 0.05, false, 2)},
      names());
  EXPECT_EQ(result.images, 6U);
  EXPECT_EQ(result.out_of_set, 2U);
  EXPECT_EQ(result.present(), 4U);
  EXPECT_EQ(result.top1, 2U);
  EXPECT_EQ(result.top5, 3U);
  EXPECT_EQ(result.said, 4U);
  EXPECT_EQ(result.said_true, 2U);
  EXPECT_EQ(result.said_out_of_set, 1U);
  ASSERT_EQ(result.classes.size(), 3U);
  EXPECT_EQ(result.classes[0].class_name, "cat");
  EXPECT_EQ(result.classes[0].mistaken_for, "dog") << "the first of equals";
  EXPECT_EQ(result.classes[1].mistaken_for, "");
  EXPECT_EQ(result.classes[2].class_name, "fog");
  EXPECT_TRUE(result.classes[2].out_of_set);
  EXPECT_EQ(result.classes[2].said, 1U);
}

TEST(Evaluation, ReliabilityByHand) {
  // bin 9: confidences 0.9 and 1.0, one true; bin 2: 0.2, false
  const Evaluation result = evaluate(
      {judged("cat", 1, 1.0, true), judged("cat", 2, 0.9, true), judged("cat", 3, 0.2, false)}, names());
  EXPECT_EQ(result.reliability[9].images, 2U);
  EXPECT_NEAR(result.reliability[9].mean_confidence, 0.95, 1e-12);
  EXPECT_NEAR(result.reliability[9].true_share, 0.5, 1e-12);
  EXPECT_EQ(result.reliability[2].images, 1U);
  EXPECT_NEAR(result.calibration_error, (0.45 * 2 + 0.2) / 3, 1e-12);
}

TEST(Evaluation, RiskByHand) {
  const Evaluation result = evaluate({judged("cat", 1, 0.9, true), judged("cat", 2, 0.5, true),
                                      judged("cat", 1, 0.5, true), judged("cat", 2, 0.1, false)},
                                     names());
  ASSERT_EQ(result.risk.size(), 3U) << "equal confidences are one step";
  EXPECT_NEAR(result.risk[0].coverage, 0.25, 1e-12);
  EXPECT_NEAR(result.risk[0].risk, 0.0, 1e-12);
  EXPECT_NEAR(result.risk[1].coverage, 0.75, 1e-12);
  EXPECT_NEAR(result.risk[1].risk, 1.0 / 3, 1e-12);
  EXPECT_NEAR(result.risk[1].confidence, 0.5, 1e-12);
  EXPECT_NEAR(result.risk[2].risk, 0.5, 1e-12);
  EXPECT_NEAR(result.risk_area, 0.25 * 0 + 0.5 / 3 + 0.25 * 0.5, 1e-12);
}

std::vector<JudgedImage> random_images(size_t count) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> uniform;
  std::vector<JudgedImage> images;
  for (size_t i = 0; i < count; ++i) {
    const double confidence = uniform(random);
    images.push_back(judged(uniform(random) < 0.5 ? "cat" : "dog", uniform(random) < confidence ? 1 : 2,
                            confidence, confidence > 0.7));
  }
  return images;
}

TEST(Evaluation, TrueConfidencesHaveNoCalibrationErrorAndFewPoints) {
  const std::vector<JudgedImage> images = random_images(20000);
  const Evaluation result = evaluate(images, names());
  EXPECT_LT(result.calibration_error, 0.02);
  EXPECT_EQ(result.risk.size(), 200U);
  EXPECT_EQ(result.risk.back().coverage, 1.0);
  EXPECT_NEAR(result.risk.back().risk, 0.5, 0.02);
  EXPECT_NEAR(result.risk_area, 0.25, 0.02) << "risk at coverage c is c / 2";
}

/// Only the order of confidences decides the risk curve; the order of images decides nothing.
TEST(Evaluation, MonotoneMapsAndShufflingKeepTheRisk) {
  std::vector<JudgedImage> images = random_images(500);
  const Evaluation before = evaluate(images, names());
  std::shuffle(images.begin(), images.end(), std::mt19937(2));
  for (JudgedImage& image : images) image.best.confidence = image.best.confidence * 0.5 + 0.1;
  const Evaluation after = evaluate(images, names());
  EXPECT_NEAR(before.risk_area, after.risk_area, 1e-12);
  EXPECT_EQ(before.top1, after.top1);
}

TEST(Evaluation, NothingGivesNothing) {
  const Evaluation result = evaluate({}, names());
  EXPECT_EQ(result.images, 0U);
  EXPECT_TRUE(result.risk.empty());
  EXPECT_EQ(result.calibration_error, 0.0);
}

TEST(Specificity, CurveByHand) {
  JudgedImage image = judged("beagle", 2, 0.7, true, 1);
  image.names = {{0, 0.4, 1.0, false, false}, {1, 0.7, 0.5, true, false}};
  JudgedImage other = judged("beagle", 1, 0.6, true, 0);
  other.names = {{0, 0.6, 1.0, true, true}, {1, 0.9, 0.5, true, false}};
  JudgedImage vetoed = judged("fog", 0, 0.5, false, 2);
  vetoed.rejection = Rejection::kNegativeWins;
  vetoed.names = {{2, 0.5, 1.0, false, false}};
  const Evaluation result = evaluate({image, other, vetoed}, names());
  EXPECT_EQ(result.said_true, 2U);
  EXPECT_EQ(result.said_hypernyms, 1U);
  ASSERT_EQ(result.specificity.size(), 4U);
  const auto expect = [&](size_t at, double confidence, double exact, double hypernym, double wrong,
                          double information) {
    const SpecificityPoint& point = result.specificity[at];
    EXPECT_EQ(point.confidence, confidence);
    EXPECT_NEAR(point.exact, exact / 3, 1e-12);
    EXPECT_NEAR(point.hypernym, hypernym / 3, 1e-12);
    EXPECT_NEAR(point.wrong, wrong / 3, 1e-12);
    EXPECT_NEAR(point.information, information / 3, 1e-12);
  };
  expect(0, 0.9, 0, 1, 0, 0.5);
  expect(1, 0.7, 0, 2, 0, 1.0);
  expect(2, 0.6, 1, 1, 0, 1.5);
  expect(3, 0.4, 1, 0, 1, 1.0);
}

}  // namespace
}  // namespace kiloword
