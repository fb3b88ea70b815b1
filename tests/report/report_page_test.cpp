#include "kiloword/report/report_page.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "batch/archive_builder.h"
#include "image/jpeg_file.h"
#include "kiloword/base/base64.h"
#include "kiloword/image/decode.h"
#include "report/rows.h"
#include "support/temporary_folder.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;

std::string grey_jpeg(int width, int height) {
  const auto bytes = static_cast<size_t>(width) * static_cast<size_t>(height) * 3;
  return test::jpeg_file(Image{width, height, std::vector<uint8_t>(bytes, 128)});
}

class ReportPageTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// The page of `lines`.
  std::string page(const std::string& lines, ReportOptions options = {}) {
    RowReader rows({folder_.write("rows.jsonl", lines).string()});
    std::string written;
    const auto summary = write_report(rows, options, [&written](std::string_view piece) {
      EXPECT_EQ(piece.back(), '\n');
      written += piece;
    });
    EXPECT_TRUE(summary);
    if (summary) summary_ = *summary;
    return written;
  }

  /// The values of all lists in the elements with `attribute`, one after the other.
  static std::vector<json> data(const std::string& page, const std::string& attribute) {
    std::vector<json> values;
    const std::string start = "<script type=\"application/json\" " + attribute + ">";
    for (size_t at = page.find(start); at != std::string::npos; at = page.find(start, at + 1)) {
      const size_t begin = at + start.size();
      for (json& value : json::parse(page.substr(begin, page.find("</script>", begin) - begin))) {
        values.push_back(std::move(value));
      }
    }
    return values;
  }

  static Image thumbnail(const json& base64) {
    return decode_image(*decode_base64(base64.get<std::string>()));
  }

  TemporaryFolder folder_;
  ReportSummary summary_;
};

TEST_F(ReportPageTest, EveryRowStandsInItWithItsThumbnail) {
  std::string lines;
  for (int i = 0; i < 70; ++i) {
    const std::string name = std::to_string(i) + ".jpg";
    if (i % 7 != 0) folder_.write(name, grey_jpeg(200 + i, 100));
    lines += to_json(captioned(path(name), {})) + "\n";
  }
  ReportOptions options;
  options.threads = 3;
  options.thumbnail_px = 64;
  const std::string written = page(lines, options);
  const std::vector<json> rows = data(written, "data-rows");
  const std::vector<json> thumbnails = data(written, "data-thumbnails");
  ASSERT_EQ(rows.size(), 70U);
  ASSERT_EQ(thumbnails.size(), 70U);
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i]["path"], path(std::to_string(i) + ".jpg"));
    EXPECT_EQ(thumbnails[i] == "", i % 7 == 0) << i;
  }
  EXPECT_EQ(thumbnail(thumbnails[1]).width, 64);
  EXPECT_EQ(summary_.images, 70U);
  EXPECT_EQ(summary_.without_thumbnail, 10U);
  options.threads = 1;
  EXPECT_EQ(page(lines, options), written) << "threads change nothing";
}

TEST_F(ReportPageTest, ItNeedsNothingElseAndRunsItsOwnScriptOnly) {
  const std::string written = page(to_json(captioned("absent.jpg", {})) + "\n");
  EXPECT_EQ(written.rfind("<!doctype html>", 0), 0U);
  for (const char* outside : {"http:", "https:", "src=\"", "@style", "@script", "@rows", "url(", "@import"}) {
    EXPECT_EQ(written.find(outside), std::string::npos) << outside;
  }
  EXPECT_NE(written.find("default-src 'none'; img-src data:; style-src 'sha256-"), std::string::npos);
  size_t programs = 0;
  for (size_t at = written.find("<script>"); at != std::string::npos; at = written.find("<script>", at + 1))
    ++programs;
  EXPECT_EQ(programs, 1U);
}

TEST_F(ReportPageTest, PicturesAreOnlyEverReadFromFiles) {
  folder_.write("junk.jpg", "no picture");
  folder_.write("good.jpg", grey_jpeg(20, 20));
  std::string lines;
  for (const std::string& name :
       {std::string("-"), std::string("/dev/zero"), folder_.path().string(), path("junk.jpg"),
        path("junk.jpg!x"), path("good.jpg") + std::string("\0.png", 5), std::string(100000, '!'),
        std::string()}) {
    lines += to_json(captioned(name, {})) + "\n";
  }
  lines += error_json(path("good.jpg"), Error(ErrorKind::kInput, "took too long")) + "\n";
  for (const json& thumbnail : data(page(lines), "data-thumbnails")) EXPECT_EQ(thumbnail, "");
  EXPECT_EQ(summary_.without_thumbnail, 8U) << "the one that failed is not counted";
}

TEST_F(ReportPageTest, MembersOfArchivesHaveThumbnailsInAnyOrder) {
  std::vector<std::pair<std::string, std::string>> members;
  for (int i = 0; i < 4; ++i) members.emplace_back(std::to_string(i) + ".jpg", grey_jpeg(10 + i, 10));
  write_archive(path("images.tar.gz"), members);
  std::string lines;
  for (const char* member : {"1.jpg", "2.jpg", "gone.jpg", "0.jpg", "3.jpg"}) {
    lines += to_json(captioned(path("images.tar.gz!") + member, {})) + "\n";
  }
  const std::vector<json> thumbnails = data(page(lines), "data-thumbnails");
  ASSERT_EQ(thumbnails.size(), 5U);
  EXPECT_EQ(thumbnail(thumbnails[0]).width, 11);
  EXPECT_EQ(thumbnail(thumbnails[1]).width, 12);
  EXPECT_EQ(thumbnails[2], "");
  EXPECT_EQ(thumbnail(thumbnails[3]).width, 10);
  EXPECT_EQ(thumbnail(thumbnails[4]).width, 13);
}

TEST_F(ReportPageTest, WithoutThumbnailsNoPictureIsRead) {
  folder_.write("good.jpg", grey_jpeg(20, 20));
  ReportOptions options;
  options.thumbnail_px = 0;
  const std::string written = page(to_json(captioned(path("good.jpg"), {})) + "\n", options);
  EXPECT_EQ(written.find("application/json\" data-thumbnails"), std::string::npos);
  EXPECT_EQ(summary_.without_thumbnail, 0U);
}

TEST_F(ReportPageTest, EndsWhenItIsTold) {
  const std::string line = to_json(captioned("a", {})) + "\n";
  RowReader rows({folder_.write("rows.jsonl", line + line + line).string()});
  ReportOptions options;
  uint64_t done = 0;
  options.progress = [&done](uint64_t images) { done = images; };
  options.stop = [&done] { return done == 2; };
  EXPECT_FALSE(write_report(rows, options, [](std::string_view) {}));
  EXPECT_EQ(done, 2U);
}

}  // namespace
}  // namespace kiloword::testing
