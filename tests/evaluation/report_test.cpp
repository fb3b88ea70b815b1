#include "kiloword/evaluation/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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
  JudgedImage absent = wrong;
  absent.absent = true;
  absent.true_rank = 0;
  return evaluate({right, wrong, absent}, {"label"});
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

TEST(EvaluationSvg, IsWellFormedAndEscaped) {
  const std::string svg = evaluation_svg({"<nano>", "a&b", "calibrated", 0.6}, example());
  EXPECT_EQ(svg.rfind("<svg xmlns=", 0), 0U);
  EXPECT_NE(svg.find("&lt;nano&gt;, a&amp;b"), std::string::npos);
  EXPECT_EQ(svg.find("nan,"), std::string::npos);
  EXPECT_EQ(svg.substr(svg.size() - 7), "</svg>\n");
  EXPECT_EQ(evaluation_svg({}, evaluate({}, {})).find("nan"), std::string::npos);
}

TEST(JudgedImageJson, IsOneLine) {
  JudgedImage image;
  image.path = "a\nb.jpg";
  image.absent = true;
  const std::string line = judged_image_json(image, "photo");
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(nlohmann::json::parse(line)["true_rank"].is_null());
}

}  // namespace
}  // namespace kiloword
