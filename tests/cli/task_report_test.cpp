#include "cli/output/task_report.h"

#include <gtest/gtest.h>

namespace kiloword::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(TaskReport, TellsTotalRateAndTimeLeft) {
  const TaskReport::Clock::time_point begin{};
  const std::string start = "embedding: ";
  TaskReport report(begin);
  EXPECT_EQ(report.text("embedding", 100, 1000, begin), start + "100 of 1000");
  EXPECT_EQ(report.text("embedding", 150, 1000, begin + milliseconds(200)), start + "150 of 1000");
  EXPECT_EQ(report.text("embedding", 300, 1000, begin + seconds(2)), start + "300 of 1000, 100/s, 7 s left");
  EXPECT_EQ(report.text("embedding", 120, 10000, begin + seconds(20)),
            start + "120 of 10000, 1/s, 165 min left");
  EXPECT_EQ(report.text("embedding", 1000, 1000, begin + seconds(9)), start + "1000 of 1000, 100/s");
}

TEST(TaskReport, ATotalNeedNotBeKnown) {
  const TaskReport::Clock::time_point begin{};
  TaskReport report(begin);
  EXPECT_EQ(report.text("images", 0, -1, begin), "images: 0");
  EXPECT_EQ(report.text("images", 64, -1, begin + seconds(2)), "images: 64, 32/s");
  EXPECT_FALSE(report.seconds_left(64, -1, begin + seconds(2)).has_value());
}

TEST(TaskReport, IsDrawnAFewTimesASecond) {
  const TaskReport::Clock::time_point begin{};
  TaskReport report(begin);
  EXPECT_TRUE(report.is_redraw_due(begin));
  EXPECT_FALSE(report.is_redraw_due(begin + milliseconds(150)));
  EXPECT_TRUE(report.is_redraw_due(begin + milliseconds(200)));
}

TEST(TaskReport, LinesThatStayComeNowAndThen) {
  const TaskReport::Clock::time_point begin{};
  TaskReport report(begin);
  EXPECT_FALSE(report.is_due(begin + seconds(1)));
  EXPECT_TRUE(report.is_due(begin + seconds(2)));
  EXPECT_FALSE(report.is_due(begin + seconds(11)));
  EXPECT_TRUE(report.is_due(begin + seconds(12)));
}

}  // namespace
}  // namespace kiloword::cli
