#include "kiloword/image/read_text.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <string>
#include <thread>

#include "image/line_filter.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

DecodedImage blank(int width, int height) {
  DecodedImage decoded;
  decoded.image = {width, height, std::vector<uint8_t>(static_cast<size_t>(width * height * 3), 245)};
  decoded.full_width = width;
  decoded.full_height = height;
  decoded.box = {0, 0, static_cast<double>(width), static_cast<double>(height)};
  return decoded;
}

void write(DecodedImage& decoded, const std::string& text, int left, int bottom, double size) {
  cv::Mat pixels(decoded.image.height, decoded.image.width, CV_8UC3, decoded.image.rgb.data());
  cv::putText(pixels, text, {left, bottom}, cv::FONT_HERSHEY_DUPLEX, size, {20, 20, 20}, 2, cv::LINE_AA);
}

std::string joined(const std::vector<ReadLine>& lines) {
  std::string text;
  for (const ReadLine& line : lines) text += (text.empty() ? "" : "|") + line.text;
  return text;
}

/// Skips the test where kiloword was built without Tesseract, or its English data is missing.
class ReadText : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      TextReader({Reading::kAlways, "eng", 10000}).read(blank(64, 64));
    } catch (const Error& error) {
      GTEST_SKIP() << error.what();
    }
  }
};

TEST_F(ReadText, ReadsLinesFromTheTopWithBoxesOfTheFullImage) {
  DecodedImage decoded = blank(640, 400);
  write(decoded, "fresh bread", 60, 300, 1.6);
  write(decoded, "MARKET TODAY", 60, 120, 1.6);
  decoded.full_width *= 4;
  decoded.full_height *= 4;
  const std::vector<ReadLine> lines = TextReader({Reading::kAuto, "eng", 60000}).read(decoded);
  ASSERT_EQ(joined(lines), "MARKET TODAY|fresh bread");
  EXPECT_NEAR(lines[0].box.left, 240, 40);
  EXPECT_NEAR(lines[0].box.top + lines[0].box.height, 480, 60);
  EXPECT_GT(lines[0].confidence, 0.85);
  EXPECT_LE(lines[0].confidence, 1);
}

TEST_F(ReadText, BlankImagesHaveNoWords) {
  EXPECT_TRUE(TextReader({Reading::kAlways, "eng", 60000}).read(blank(300, 200)).empty());
  EXPECT_TRUE(TextReader({Reading::kAuto, "eng", 60000}).read(blank(1, 1)).empty());
}

TEST_F(ReadText, SeveralThreadsShareAReader) {
  DecodedImage decoded = blank(640, 200);
  write(decoded, "MARKET TODAY", 60, 120, 1.6);
  const TextReader reader({Reading::kAuto, "eng", 60000});
  std::vector<std::string> texts(3);
  std::vector<std::thread> threads;
  for (std::string& text : texts) {
    threads.emplace_back([&] { text = joined(reader.read(decoded)); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : texts) EXPECT_EQ(text, "MARKET TODAY");
}

TEST_F(ReadText, UnknownLanguage) {
  try {
    const TextReader reader({Reading::kAuto, "xyz", 1000});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.remedy(), "install tesseract-ocr-xyz, or give another language");
  }
}

TEST(ReadingMode, Names) {
  EXPECT_EQ(reading_mode("off"), Reading::kOff);
  EXPECT_EQ(reading_mode("auto"), Reading::kAuto);
  EXPECT_EQ(reading_mode("always"), Reading::kAlways);
  EXPECT_THROW(reading_mode("on"), Error);
}

std::vector<ReadLine> lines_of(const std::vector<std::pair<std::string, double>>& words) {
  LineBuilder builder;
  double left = 0;
  for (const auto& [text, confidence] : words) {
    builder.add({text, {left, 5, 10, 10}, confidence}, left == 0);
    left += 20;
  }
  return builder.take();
}

TEST(LineBuilder, LeavesOutWhatIsNotSureOrHardlyWords) {
  EXPECT_EQ(joined(lines_of({{"open", 0.95}, {"daily", 0.9}})), "open daily");
  EXPECT_EQ(joined(lines_of({{"open", 0.95}, {"d@i|;", 0.5}})), "open");
  EXPECT_EQ(joined(lines_of({{"open", 0.8}})), "");
  EXPECT_EQ(joined(lines_of({{"ab", 0.99}, {"1", 0.99}})), "") << "no word of three letters";
  EXPECT_EQ(joined(lines_of({{"~~-=~", 0.99}})), "");
  EXPECT_EQ(joined(lines_of({{"\u201Ca", 0.99}})), "") << "a quotation mark is no letter";
  EXPECT_EQ(joined(lines_of({{"\u20AC\u2014", 0.99}})), "");
  EXPECT_EQ(joined(lines_of({{"f\u00FCr", 0.99}})), "f\u00FCr");
  const std::vector<ReadLine> lines = lines_of({{"open", 1.0}, {"ab", 0.7}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_DOUBLE_EQ(lines[0].confidence, 0.9);
  EXPECT_EQ(lines[0].box.width, 30);
}

TEST(MergedLines, TheSurerOneOfAPlaceCounts) {
  const ReadLine sure{"market", {0, 0, 100, 20}, 0.95};
  const ReadLine other{"mar", {0, 2, 50, 18}, 0.9};
  const ReadLine below{"bread", {0, 40, 90, 20}, 0.9};
  EXPECT_EQ(joined(merged({sure}, {other, below})), "market|bread");
  EXPECT_EQ(joined(merged({other, below}, {sure})), "market|bread");
  EXPECT_EQ(joined(merged({}, {below})), "bread");
}

}  // namespace
}  // namespace kiloword
