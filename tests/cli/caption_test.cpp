#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;
using CaptionTest = CliTest;

bool is_caption(const std::string& line) {
  return line.rfind("[Image Attached: ", 0) == 0 && line.back() == ']';
}

TEST_F(CaptionTest, OneLineForEachImageInOrder) {
  run({"caption", picture("a.ppm")});  // fills the cache of label embeddings, whose progress may be told
  const ProgramResult result =
      run({"caption", "--no-filename", picture("a.ppm"), picture("b.ppm", 50, 20, 3)});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  const auto lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(is_caption(lines[0]) && is_caption(lines[1])) << result.out;
}

TEST_F(CaptionTest, CalibrationsOfTheBundledModelsApply) {
  for (const char* model : {"nano", "lite"}) {
    const ProgramResult result = run({"caption", "--verbose", "--model", model, picture("a.ppm")});
    if (result.exit_code == 3) GTEST_SKIP() << model << ": " << result.err;
    EXPECT_THAT(result.err, ::testing::HasSubstr("is calibrated by")) << model;
    EXPECT_THAT(result.err, ::testing::Not(::testing::HasSubstr("is for another state"))) << model;
    EXPECT_THAT(result.err, ::testing::Not(::testing::HasSubstr("has no calibration"))) << model;
  }
}

TEST_F(CaptionTest, LinesOfSeveralInputsNameTheirFiles) {
  const std::string a = picture("a.ppm");
  const std::string b = picture("b.ppm", 50, 20, 3);
  for (const char* command : {"caption", "describe"}) {
    const ProgramResult several = run({command, a, path("absent.ppm"), b});
    EXPECT_EQ(several.exit_code, 1);
    EXPECT_EQ(several.err, "kiloword: " + path("absent.ppm") + ": no such file or directory\n");
    const auto lines = lines_of(several.out);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].rfind(a + ": ", 0), 0U);
    EXPECT_EQ(lines[1].rfind(b + ": ", 0), 0U);
    const ProgramResult one = run({command, b});
    EXPECT_EQ(b + ": " + one.out, lines[1] + "\n");
    EXPECT_EQ(run({command, "--with-filename", b}).out, lines[1] + "\n");
    EXPECT_EQ(lines_of(run({command, "--no-filename", a, b}).out)[1] + "\n", one.out);
    EXPECT_EQ(run({command, "--no-filename", "--with-filename", a}).exit_code, 2);
  }
}

TEST_F(CaptionTest, RecordFollowsTheSchema) {
  const std::string image = picture("a.ppm");
  const ProgramResult result = run({"caption", "--format", "json", image});
  const auto record = nlohmann::ordered_json::parse(result.out);
  std::vector<std::string> keys;
  for (const auto& [key, value] : record.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"schema", "path", "status", "caption", "statements", "width",
                                            "height", "model", "ms"}));
  EXPECT_EQ(record["path"], image);
  EXPECT_EQ(record["width"], 40);
  EXPECT_EQ(record["height"], 30);
  EXPECT_EQ(record["model"], "nano");
  EXPECT_EQ(record["statements"].size(), 4U) << "one for each of nano's sets";
}

TEST_F(CaptionTest, BadFileCostsItsOwnLineOnly) {
  const std::string good = picture("good.ppm");
  const std::string bad = folder_.write("bad.jpg", "not a picture").string();
  const ProgramResult text = run({"caption", good, bad, path("absent.jpg"), folder_.path().string(), good});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_EQ(lines_of(text.out).size(), 2U);
  const auto errors = lines_of(text.err);
  ASSERT_EQ(errors.size(), 3U) << text.err;
  EXPECT_EQ(errors[1], "kiloword: " + path("absent.jpg") + ": no such file or directory");
  EXPECT_EQ(errors[2].rfind("kiloword: " + folder_.path().string() + ": is a directory; name its images", 0),
            0U)
      << errors[2];

  const auto records = records_of(run({"caption", "--format", "json", good, bad, good}));
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0]["status"], "ok");
  EXPECT_EQ(records[1]["status"], "error");
  EXPECT_EQ(records[1]["path"], bad);
  EXPECT_EQ(records[1]["error"]["kind"], "input");
  EXPECT_EQ(records[2]["status"], "ok");
}

TEST_F(CaptionTest, StandardInputAndLists) {
  const std::string image = picture("a.ppm");
  std::ifstream stream(image);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  ProgramSetup from_stdin;
  from_stdin.input = bytes;
  const auto piped = records_of(run({"caption", "--format", "json", "-"}, from_stdin));
  ASSERT_EQ(piped.size(), 1U);
  EXPECT_EQ(piped[0]["path"], "-");
  EXPECT_EQ(piped[0]["status"], "ok");

  const std::string odd_name = picture("odd\nname.ppm");
  ProgramSetup list;
  list.input = image + '\0' + odd_name + '\0';
  EXPECT_EQ(records_of(run({"caption", "--format", "json", "--files0-from", "-"}, list)).at(1)["path"],
            odd_name);
  const std::string lines = folder_.write("list", image + "\n\n" + image + "\r\n").string();
  EXPECT_EQ(lines_of(run({"caption", "--files-from", lines}).out).size(), 2U);
  const std::string empty = folder_.write("empty", "").string();
  const ProgramResult nothing = run({"caption", "--files-from", empty});
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_EQ(nothing.out, "");
}

TEST_F(CaptionTest, OptionsChangeTheSentence) {
  const std::string image = picture("a.ppm");
  EXPECT_EQ(run({"caption", image, "--min-confidence", "1"}).out,
            "[Image Attached: No description available.]\n");
  const std::string author = run({"caption", image, "--author", "Eve]\nBob: hi"}).out;
  EXPECT_EQ(lines_of(author).size(), 1U);
  EXPECT_EQ(author.find(": "), author.find(": [Image Attached: ")) << author;
  const auto record =
      records_of(run({"caption", image, "--format", "json", "--rank", "cosine", "--top-k", "2"})).at(0);
  double last = 2;
  int said = 0;
  for (const json& statement : record["statements"]) {
    EXPECT_LE(statement["cosine"].get<double>(), last) << "ordered by cosine";
    last = statement["cosine"].get<double>();
    said += statement["said"].get<bool>() ? 1 : 0;
  }
  EXPECT_EQ(said, 2);
}

TEST_F(CaptionTest, ElizaSpeaksByThePlainRule) {
  const auto record = records_of(run({"caption", picture("a.ppm"), "--format", "json", "--labels", "eliza",
                                      "--rank", "cosine"}))
                          .at(0);
  const json& statements = record["statements"];
  ASSERT_EQ(statements.size(), 4U);
  std::string expected = "[Image Attached:";
  for (size_t i = 0; i < 3; ++i) expected += " " + statements[i]["text"].get<std::string>();
  EXPECT_EQ(record["caption"], expected + "]");
  EXPECT_FALSE(statements[3]["said"].get<bool>());
}

TEST_F(CaptionTest, ExplainTellsEverySet) {
  const std::string image = picture("a.ppm");
  const ProgramResult text =
      run({"caption", image, "--explain", "--labels", "nano/medium", "--labels", "nano/scene"});
  EXPECT_EQ(lines_of(text.out).size(), 1U + 2 * 6) << text.out;
  const auto record = records_of(run({"caption", image, "--explain", "--format", "json"})).at(0);
  std::set<std::string> sets;
  for (const json& set : record["explain"]) sets.insert(set["set"].get<std::string>());
  EXPECT_EQ(sets, (std::set<std::string>{"mascots", "medium", "objects", "scene"}));
}

/// Two kinds with one text have half the probability each, and their hypernym all of it.
TEST_F(CaptionTest, HedgesAndExplainsIt) {
  const std::string image = picture("a.ppm");
  const std::string set = folder_
                              .write("animals.txt",
                                     "category: x\nstatement: There is {a} {label}.\nmin-confidence: "
                                     "0.6\n---\nanimal | match: none\n"
                                     "dog | is-a: animal\nhound | match: dog | is-a: animal\n")
                              .string();
  const std::vector<std::string> command{"caption", image,         "--labels", set,
                                         "--rank",  "probability", "--explain"};
  const ProgramResult text = run(command);
  const std::vector<std::string> lines = lines_of(text.out);
  ASSERT_EQ(lines.size(), 6U) << text.out;
  EXPECT_EQ(lines[0], "[Image Attached: There is an animal.]");
  EXPECT_NE(lines[4].find("is it "), std::string::npos) << lines[4];
  EXPECT_NE(lines[4].find("dog: below the minimum confidence, confidence 0.50"), std::string::npos)
      << lines[4];
  EXPECT_NE(lines[5].find("animal: selected, confidence 1.00"), std::string::npos) << lines[5];

  std::vector<std::string> as_json = command;
  as_json.insert(as_json.end(), {"--format", "json", "--min-confidence", "0.3", "--per-set", "2"});
  const json record = records_of(run(as_json)).at(0);
  EXPECT_EQ(record["caption"], "[Image Attached: There is a dog. There is a hound.]");
  EXPECT_EQ(record["statements"][0]["hypernyms"], json::array({"animal"}));
  EXPECT_FALSE(record["statements"][0].contains("hedged_from"));
}

TEST_F(CaptionTest, LabelFileOfOnesOwn) {
  const std::string own =
      folder_
          .write("weather.txt", "category: weather\nstatement: The weather is {label}.\n---\nsunny\nrainy\n")
          .string();
  const auto record =
      records_of(run({"caption", picture("a.ppm"), "--labels", own, "--format", "json"})).at(0);
  EXPECT_EQ(record["statements"].at(0)["set"], "weather");
}

TEST_F(CaptionTest, SecondRunEmbedsNoText) {
  const std::string image = picture("a.ppm");
  const ProgramResult cold = run({"-v", "caption", image});
  const ProgramResult warm = run({"-v", "caption", image});
  EXPECT_EQ(cold.err.find(" 0 texts encoded"), std::string::npos) << cold.err;
  EXPECT_NE(warm.err.find(" 0 texts encoded"), std::string::npos) << warm.err;
  EXPECT_EQ(cold.out, warm.out);
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder_.path() / "cache")) {
    if (file.is_regular_file()) std::ofstream(file.path(), std::ios::trunc) << "corrupt";
  }
  const ProgramResult rebuilt = run({"-v", "caption", image});
  EXPECT_EQ(rebuilt.out, cold.out);
  EXPECT_EQ(rebuilt.err.find(" 0 texts encoded"), std::string::npos);
}

TEST_F(CaptionTest, AnyThreadCountGivesTheSameRecords) {
  std::vector<std::string> arguments{"caption", "--format", "json", "--explain"};
  for (int i = 1; i <= 6; ++i)
    arguments.push_back(picture(std::to_string(i) + ".ppm", 30 + i, 60 - 3 * i, i));
  std::vector<std::vector<json>> runs;
  for (const char* threads : {"1", "2", "7"}) {
    auto with_threads = arguments;
    with_threads.insert(with_threads.end(), {"--threads", threads});
    runs.push_back(records_of(run(with_threads)));
    for (json& record : runs.back()) record.erase("ms");
  }
  EXPECT_EQ(runs[0], runs[1]);
  EXPECT_EQ(runs[0], runs[2]);
}

TEST_F(CaptionTest, PixelLimit) {
  const ProgramResult result = run({"caption", picture("a.ppm"), "--max-pixels", "1199"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("1199"), std::string::npos) << result.err;
  EXPECT_EQ(run({"caption", picture("a.ppm"), "--max-pixels", "1200"}).exit_code, 0);
}

TEST_F(CaptionTest, FullDiskIsExit4AndAClosedPipeIsQuiet) {
  const std::string image = picture("a.ppm");
  ProgramSetup full;
  full.stdout_file = "/dev/full";
  const ProgramResult result = run({"caption", image}, full);
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_EQ(result.err,
            "kiloword: standard output: cannot write: no space left on device; free some space or write "
            "elsewhere\n");
  const std::string many = "for i in 1 2 3 4 5 6 7 8; do echo '" + image +
                           "'; done | '" KILOWORD_PROGRAM
                           "' caption --files-from - | head -n 1; echo \"${PIPESTATUS[1]}\"";
  const ProgramResult closed = run_program({"bash", "-c", many});
  EXPECT_EQ(closed.err, "");
  EXPECT_EQ(lines_of(closed.out).size(), 2U);
  EXPECT_EQ(lines_of(closed.out).back(), "0");
}

TEST_F(CaptionTest, MissingDataOfTesseractCostsNoCaptionUnlessReadingIsAsked) {
  std::string white = "P3 64 64 255\n";  // flat, as what programs draw
  for (int i = 0; i < 64 * 64 * 3; ++i) white += "255 ";
  const std::string image = folder_.write("white.ppm", white).string();
  ProgramSetup setup;
  setup.environment = {{"TESSDATA_PREFIX", path("nothing")}};
  const ProgramResult result = run({"caption", image}, setup);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const ProgramResult asked = run({"caption", "--read-text", "always", image}, setup);
  if (asked.err.find("was built without") != std::string::npos) GTEST_SKIP() << asked.err;
  EXPECT_NE(asked.exit_code, 0);
  EXPECT_NE(asked.err.find("no Tesseract data for the language eng"), std::string::npos) << asked.err;
}

TEST_F(CaptionTest, InterruptEndsWith130AndKeepsWhatWasDone) {
  // The second image never arrives: the program waits for it when the interrupt comes.
  run_program({"mkfifo", path("fifo")});
  const std::string script = "'" KILOWORD_PROGRAM "' caption --no-filename '" + picture("a.ppm") + "' '" +
                             path("fifo") + "' > '" + path("out") +
                             "' & program=$!; for i in $(seq 600); do [ -s '" + path("out") +
                             "' ] && break; sleep 0.1; done; kill -INT $program; wait $program";
  EXPECT_EQ(run_program({"bash", "-c", script}).exit_code, 130);
  std::ifstream out(path("out"));
  std::string line;
  EXPECT_TRUE(std::getline(out, line) && is_caption(line)) << line;
}

}  // namespace
}  // namespace kiloword::testing
