#include <gmock/gmock.h>

#include "cli/batch_fixture.h"

namespace kiloword::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class BatchSidecarTest : public BatchTest {
 protected:
  /// Something is said of every image.
  ProgramResult sidecars(std::vector<std::string> more) const {
    more.insert(more.begin(), {"batch", path("in"), "--sidecar", "--min-confidence", "0"});
    return run(more);
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(path(name)); }
};

TEST_F(BatchSidecarTest, TrainersGetTheirTagsBesideTheStem) {
  small_pictures(2);
  const std::vector<std::string> options{"--sidecar-style", "tags",  "--sidecar-name", "stem",
                                         "--prefix",        "ohwx, "};
  EXPECT_EQ(sidecars(options).exit_code, 0);
  const std::string tags = content("in/0/000000.txt");
  EXPECT_THAT(tags, MatchesRegex("ohwx, [^,\\[]+(, [^,]+)*\n"));
  EXPECT_FALSE(exists("in/0/000000.ppm.txt"));
  EXPECT_THAT(sidecars(options).err, HasSubstr("2 sidecars kept"));
  EXPECT_EQ(sidecars({"--sidecar-style", "tags", "--sidecar-name", "stem", "--append"}).exit_code, 0);
  EXPECT_EQ(content("in/0/000000.txt"), tags);
}

TEST_F(BatchSidecarTest, OneStemForTwoImagesIsRefusedByName) {
  small_picture("in/a.pgm", 1);
  small_picture("in/a.ppm", 2);
  const ProgramResult result = sidecars({"--sidecar-name", "stem", "--sidecar-style", "plain"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              HasSubstr("in/a.ppm: shares the sidecar " + path("in/a.txt") + " with " + path("in/a.pgm")));
  EXPECT_THAT(content("in/a.txt"), Not(HasSubstr("[")));
}

TEST_F(BatchSidecarTest, NothingIsWrittenWhereNothingIsSaid) {
  small_pictures(2);
  const ProgramResult result = run({"batch", path("in"), "--sidecar", "--min-confidence", "1"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("2 without a sidecar: no statement was selected"));
  EXPECT_FALSE(exists("in/0/000000.ppm.txt"));
}

TEST_F(BatchSidecarTest, MetadataGoesIntoImagesOnRequestAlone) {
  const auto data = std::filesystem::path(KILOWORD_TESTS_DIR) / "image/data";
  std::filesystem::create_directories(path("in"));
  for (const char* name : {"rgb.jpg", "rgb.png"}) {
    std::filesystem::copy_file(data / name, path("in/") + name);
    std::filesystem::permissions(path("in/") + name, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
  }
  small_picture("in/other.ppm", 1);
  const std::string before = content("in/rgb.jpg");
  const auto embed = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"batch", path("in"), "-o", path("o.jsonl"), "--min-confidence", "0"});
    return run(more);
  };
  EXPECT_EQ(embed({}).exit_code, 0);
  EXPECT_EQ(content("in/rgb.jpg"), before);
  const ProgramResult result = embed({"--embed-metadata", "--overwrite"});
  if (result.exit_code == 2) GTEST_SKIP() << result.err;
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("other.ppm: is in a format that kiloword cannot write metadata into"));
  EXPECT_NE(content("in/rgb.jpg"), before);
  EXPECT_THAT(content("in/rgb.png"), HasSubstr("AltTextAccessibility"));
  const auto found = rows("o.jsonl");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_THAT(found[0], HasSubstr("\"status\":\"error\""));
  EXPECT_EQ(nlohmann::json::parse(found[1])["bytes"], std::filesystem::file_size(path("in/rgb.jpg")));
  EXPECT_THAT(embed({"--embed-metadata", "--resume"}).err, HasSubstr("3 kept"));
  EXPECT_EQ(rows("o.jsonl"), found);
}

TEST_F(BatchSidecarTest, RecordsAndXmp) {
  small_pictures(1);
  EXPECT_EQ(sidecars({"--sidecar-style", "json"}).exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(content("in/0/000000.ppm.json"))["status"], "ok");
  const ProgramResult result = sidecars({"--sidecar-style", "xmp"});
  if (result.exit_code == 2) GTEST_SKIP() << result.err;
  EXPECT_THAT(content("in/0/000000.ppm.xmp"), HasSubstr("dc:subject"));
  const ProgramResult exiftool =
      run_program({"bash", "-c",
                   "command -v exiftool > /dev/null || exit 77; exiftool -s3 -Description '" +
                       path("in/0/000000.ppm.xmp") + "'"});
  if (exiftool.exit_code == 77) GTEST_SKIP() << "no exiftool to read the sidecar with";
  const auto record = nlohmann::json::parse(content("in/0/000000.ppm.json"));
  EXPECT_THAT(record["caption"].get<std::string>(),
              HasSubstr(exiftool.out.substr(0, exiftool.out.size() - 1)));
}

TEST_F(BatchSidecarTest, TablesAndTemplates) {
  small_pictures(2);
  folder_.write("in/0/bad.jpg", "bad");
  const ProgramResult table = run({"batch", path("in"), "-o", "-", "--format", "csv"});
  EXPECT_THAT(
      table.out,
      MatchesRegex("path,status,[a-z,]+,error\r\n[^\n]+,ok,[^\n]+\r\n[^\n]+,error,,[^\n]+\r\n[^\n]+\r\n"));
  const ProgramResult lines =
      run({"batch", path("in"), "-o", "-", "--template", "{stem}\\t{width}", "--min-confidence", "0"});
  EXPECT_EQ(lines.out, "000000\t16\n000001\t16\n");
}

TEST_F(BatchSidecarTest, ContradictionsAreToldBeforeAnythingIsDone) {
  small_pictures(1);
  const std::vector<std::vector<std::string>> wrong{{"--sidecar", "--append", "--overwrite"},
                                                    {"--sidecar-name", "stem", "-o", "-"},
                                                    {"--sidecar", "--separator", ""},
                                                    {"--sidecar", "--sidecar-style", "json", "--append"},
                                                    {"--template", "{x}", "-o", "-"},
                                                    {"--template", "{path}", "-o", "o", "--resume"},
                                                    {"--template", "a", "--format", "csv", "-o", "-"}};
  for (std::vector<std::string> options : wrong) {
    options.insert(options.begin(), {"batch", path("in")});
    const ProgramResult result = run(options);
    EXPECT_EQ(result.exit_code, 2) << options[2] << options[3];
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
  }
}

}  // namespace
}  // namespace kiloword::testing
