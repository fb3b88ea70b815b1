#include "kiloword/evaluation/report.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

namespace kiloword {
namespace {

Evaluation example() {
  JudgedImage right;
  right.class_name = "a<b>\xff";
  right.true_rank = 1;
  right.best.confidence = 0.9;
  right.said = true;
  JudgedImage wrong = right;
  wrong.true_rank = 2;
  wrong.best.confidence = 0.3;
  wrong.said = false;
  JudgedImage out_of_set = wrong;
  out_of_set.out_of_set = true;
  out_of_set.true_rank = 0;
  return evaluate({right, wrong, out_of_set}, {"label"});
}

TEST(EvaluationJson, HasCountsSharesAndCurves) {
  const auto json = nlohmann::json::parse(evaluation_json({"nano", "objects", "calibrated", 0.6}, example()));
  EXPECT_EQ(json["images"], 3);
  EXPECT_EQ(json["absent"], 1);
  EXPECT_EQ(json["top1"], 0.5);
  EXPECT_EQ(json["coverage"], 0.5);
  EXPECT_EQ(json["precision"], 1.0);
  EXPECT_EQ(json["false_on_absent"], 0.0);
  EXPECT_EQ(json["reliability"].size(), 10U);
  EXPECT_EQ(json["risk"].size(), 2U);
  EXPECT_EQ(json["classes"].size(), 2U);
  const auto empty = nlohmann::json::parse(evaluation_json({}, evaluate({}, {})));
  EXPECT_TRUE(empty["top1"].is_null()) << "no share of nothing";
}

TEST(EvaluationPlot, SvgIsWellFormedAndEscaped) {
  const std::string svg = evaluation_plot({"<nano>", "a&b", "calibrated", 0.6}, example(), PlotFormat::kSvg);
  EXPECT_EQ(svg.rfind("<svg xmlns=", 0), 0U);
  EXPECT_NE(svg.find("&lt;nano&gt;, a&amp;b"), std::string::npos);
  EXPECT_EQ(svg.find("nan,"), std::string::npos);
  EXPECT_EQ(svg.substr(svg.size() - 7), "</svg>\n");
  EXPECT_EQ(evaluation_plot({}, evaluate({}, {}), PlotFormat::kSvg).find("nan"), std::string::npos);
}

/// Pixels of `picture` within `area` that are near the colour.
int count_near(const cv::Mat& picture, const cv::Rect& area, const cv::Scalar& bgr) {
  cv::Mat near;
  cv::inRange(picture(area), bgr - cv::Scalar::all(30), bgr + cv::Scalar::all(30), near);
  return cv::countNonZero(near);
}

TEST(EvaluationPlot, PngShowsBothPanels) {
  const auto decoded = [](const std::string& file) {
    return cv::imdecode(std::vector<uint8_t>(file.begin(), file.end()), cv::IMREAD_COLOR);
  };
  const cv::Mat picture =
      decoded(evaluation_plot({"модель", "set", "calibrated", 0.6}, example(), PlotFormat::kPng));
  ASSERT_EQ(picture.size(), cv::Size(1720, 880));
  const cv::Scalar curve(158, 95, 31);
  EXPECT_GT(count_near(picture, {150, 100, 660, 660}, curve), 100) << "reliability";
  EXPECT_GT(count_near(picture, {990, 100, 660, 660}, curve), 100) << "risk";
  EXPECT_GT(count_near(picture, {990, 100, 660, 660}, {43, 57, 192}), 50) << "the threshold in force";
  EXPECT_GT(count_near(picture, {500, 840, 720, 40}, cv::Scalar::all(34)), 50) << "the line below";
  EXPECT_EQ(decoded(evaluation_plot({}, evaluate({}, {}), PlotFormat::kPng)).size(), picture.size());
}

TEST(JudgedImageJson, IsOneLine) {
  JudgedImage image;
  image.path = "a\nb.jpg";
  image.out_of_set = true;
  const std::string line = judged_image_json(image, "photo");
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(nlohmann::json::parse(line)["true_rank"].is_null());
}

TEST(EvaluationReport, SetsWithHypernymsHaveACurveOfSpecificity) {
  EXPECT_FALSE(nlohmann::json::parse(evaluation_json({}, example())).contains("specificity"));
  JudgedImage image;
  image.true_rank = 1;
  image.best.confidence = 0.9;
  image.said = true;
  image.names = {{0, 0.9, 1.0, true, true}, {1, 0.95, 0.5, true, false}};
  const Evaluation evaluation = evaluate({image}, {"beagle", "dog"});
  const auto json = nlohmann::json::parse(evaluation_json({}, evaluation));
  EXPECT_EQ(json["specificity"].dump(),
            R"([{"confidence":0.95,"exact":0.0,"hypernym":1.0,"information":0.5,"wrong":0.0},)"
            R"({"confidence":0.9,"exact":1.0,"hypernym":0.0,"information":1.0,"wrong":0.0}])");
  EXPECT_EQ(json["said_hypernyms"], 0);
  const std::string svg = evaluation_plot({"m", "s", "calibrated", 0.6}, evaluation, PlotFormat::kSvg);
  EXPECT_NE(svg.find("Accuracy and specificity"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace kiloword
