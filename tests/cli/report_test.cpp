#include <filesystem>
#include <fstream>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string content_of(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class ReportTest : public CliTest {
 protected:
  /// The JSON lists in the elements of `page` with `attribute`, one after the other.
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

  /// An error record.
  static std::string failed(const std::string& path) {
    return R"({"schema":1,"path":")" + path +
           R"(","status":"error","error":{"kind":"input","message":"truncated JPEG"}})";
  }
};

TEST_F(ReportTest, ShowsWhatBatchAndDescribeWrote) {
  fs::create_directories(path("photos"));
  picture("photos/a.ppm");
  picture("photos/b.ppm", 30, 40, 3);
  folder_.write("photos/c.jpg", "no picture");
  ProgramSetup here;
  here.working_directory = folder_.path();
  EXPECT_EQ(run({"batch", "-q", "photos", "--explain", "-o", "rows.jsonl"}, here).exit_code, 1);
  const ProgramResult described =
      run({"describe", "--tokens", "2", "--format", "json", "photos/a.ppm"}, here);
  folder_.write("described.jsonl", described.out);

  const ProgramResult result = run({"report", "rows.jsonl", "described.jsonl", "-o", "report.html"}, here);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "kiloword: 4 images, 1 of them errors\n");
  const std::string page = content_of(path("report.html"));
  const std::vector<json> rows = data(page, "data-rows");
  const std::vector<json> thumbnails = data(page, "data-thumbnails");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0]["path"], "photos/a.ppm");
  EXPECT_EQ(rows[0]["statements"][0]["labels"].size(), 5U);
  EXPECT_EQ(rows[2]["error"]["kind"], "input");
  EXPECT_EQ(rows[3]["languageModel"], "nano-lm");
  EXPECT_EQ(thumbnails[0].get<std::string>().substr(0, 4), "/9j/") << "a JPEG in base64";
  EXPECT_EQ(thumbnails[2], "");
  EXPECT_EQ(thumbnails[3], thumbnails[0]);
}

TEST_F(ReportTest, ReadsAndWritesStreams) {
  ProgramSetup setup;
  setup.input = failed("a.jpg") + "\n";
  const ProgramResult result = run({"report", "-", "-o", "-"}, setup);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out.rfind("<!doctype html>", 0), 0U);
  EXPECT_EQ(result.out.substr(result.out.size() - 8), "</html>\n");
  EXPECT_NE(result.out.find(R"("sources":["standard input"])"), std::string::npos);
  setup.stdout_file = "/dev/full";
  const ProgramResult full = run({"report", "-", "-o", "-"}, setup);
  EXPECT_EQ(full.exit_code, 4);
  EXPECT_EQ(run({"report", "-", "-o", "/dev/full"}, setup).exit_code, 4);
}

TEST_F(ReportTest, TellsWhatItLeftOut) {
  const std::string rows =
      folder_.write("rows.jsonl", failed("a.jpg") + "\nnonsense\n" + failed("b.jpg") + "\n{\"schema\":1")
          .string();
  const ProgramResult result = run({"report", rows, "-o", path("report.html")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "kiloword: warning: the last line is truncated and was skipped, " + rows +
                            "\nkiloword: warning: 1 line is not a record and skipped, the first is line 2 "
                            "(not JSON in UTF-8), " +
                            rows + "\nkiloword: 2 images, 2 of them errors\n");
  EXPECT_EQ(data(content_of(path("report.html")), "data-rows").size(), 2U);

  folder_.write("torn.jsonl", failed("a.jpg") + "\n{\"schema\":1");
  EXPECT_EQ(run({"report", path("torn.jsonl"), "-o", path("torn.html")}).exit_code, 0)
      << "a batch that still runs is no failure";
}

TEST_F(ReportTest, PicturesThatAreGoneAreTold) {
  const std::string image = picture("a.ppm");
  folder_.write("rows.jsonl", run({"caption", "--format", "json", image}).out);
  fs::remove(image);
  const ProgramResult result = run({"report", path("rows.jsonl"), "-o", path("report.html")});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.err.find("no thumbnail of 1 image: "), std::string::npos) << result.err;
  const ProgramResult none =
      run({"report", path("rows.jsonl"), "-o", path("report.html"), "--thumbnails", "0", "--overwrite"});
  EXPECT_EQ(none.err, "kiloword: 1 image, 0 of them errors\n");
}

TEST_F(ReportTest, WhatMakesNoSenseIsRefusedAndLeavesNothing) {
  const std::string rows = folder_.write("rows.jsonl", failed("a.jpg") + "\n").string();
  const std::string page = path("report.html");
  const auto refused = [&](const std::vector<std::string>& arguments, int exit_code,
                           const std::string& part) {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  };
  refused({"report", "-o", page}, 2, "RECORDS is required");
  refused({"report", rows}, 2, "--output is required");
  refused({"report", "-", "-", "-o", page}, 2, "standard input can be read only once");
  refused({"report", rows, "-o", page, "--thumbnails", "-1"}, 2, "--thumbnails");
  refused({"report", path("absent.jsonl"), "-o", page}, 1, "no such file or directory");
  refused({"report", picture("a.ppm"), "-o", page}, 1, "holds no records; its line 1 is not JSON in UTF-8");
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path().string().find("report.html"), std::string::npos) << entry.path();
  }
  folder_.write("report.html", "mine");
  refused({"report", rows, "-o", page}, 2, "replace it with --overwrite");
  EXPECT_EQ(content_of(page), "mine");
  EXPECT_EQ(run({"report", rows, "-o", page, "--overwrite"}).exit_code, 0);
  EXPECT_NE(content_of(page), "mine");
}

}  // namespace
}  // namespace kiloword::testing
