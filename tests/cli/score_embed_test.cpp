#include <cmath>
#include <cstring>
#include <fstream>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;
using ScoreTest = CliTest;
using EmbedTest = CliTest;
using TokenizeTest = CliTest;

TEST_F(ScoreTest, ProbabilitiesOverTheTextsAddUpToOne) {
  const ProgramResult result =
      run({"score", picture("a.ppm"), "-t", "a photo of a dog", "-t", "a sketch", "--format", "json"});
  EXPECT_EQ(result.exit_code, 0);
  const json record = records_of(result).at(0);
  ASSERT_EQ(record["scores"].size(), 2U);
  EXPECT_EQ(record["scores"][0]["text"], "a photo of a dog");
  EXPECT_NEAR(
      record["scores"][0]["probability"].get<double>() + record["scores"][1]["probability"].get<double>(), 1,
      2e-4);
}

TEST_F(ScoreTest, ATextThatTheModelCutsIsToldOnceAndInEveryRecord) {
  std::string text = "a very";
  for (int i = 0; i < 200; ++i) text += " small";
  const std::string image = picture("a.ppm");
  const ProgramResult result = run({"score", image, image, "-t", text, "-t", "a dog", "--format", "json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.err.find("warning: text \"a very small small"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("is cut to the model's"), result.err.rfind("is cut to the model's"));
  for (const json& record : records_of(result)) {
    ASSERT_EQ(record["warnings"].size(), 1U);
    EXPECT_NE(record["warnings"][0].get<std::string>().find(" tokens and is cut to the model's "),
              std::string::npos);
  }
  const json embedded = records_of(run({"embed", "-t", text, "-t", "a dog"})).at(0);
  EXPECT_EQ(embedded["warnings"].size(), 1U);
  EXPECT_FALSE(records_of(run({"embed", "-t", "a dog"})).at(0).contains("warnings"));
}

TEST_F(ScoreTest, TableNamesTheFilesWhenThereAreMany) {
  const std::string image = picture("a.ppm");
  const auto one = lines_of(run({"score", image, "-t", "a dog"}).out);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_NE(one[0].find("100.0 %  a dog"), std::string::npos) << one[0];
  const auto many = lines_of(run({"score", image, image, "-t", "a dog"}).out);
  ASSERT_EQ(many.size(), 4U);
  EXPECT_EQ(many[0], image + ":");
}

TEST_F(ScoreTest, BrokenInputGivesItsErrorRecord) {
  const ProgramResult result = run({"score", path("absent.jpg"), "-t", "a dog", "--format", "json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(records_of(result).at(0)["error"]["message"], "no such file or directory");
}

TEST_F(EmbedTest, EmbeddingsHaveUnitLengthAndAgreeWithScore) {
  const std::string image = picture("a.ppm");
  const json of_image = records_of(run({"embed", image})).at(0);
  const json of_text = records_of(run({"embed", "--text", "a dog"})).at(0);
  EXPECT_EQ(of_image["path"], image);
  EXPECT_EQ(of_text["text"], "a dog");
  const auto a = of_image["embedding"].get<std::vector<float>>();
  const auto b = of_text["embedding"].get<std::vector<float>>();
  ASSERT_EQ(a.size(), b.size());
  double length = 0;
  double cosine = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    length += static_cast<double>(a[i]) * a[i];
    cosine += static_cast<double>(a[i]) * b[i];
  }
  EXPECT_NEAR(length, 1, 1e-5);
  const json score = records_of(run({"score", image, "-t", "a dog", "--format", "json"})).at(0)["scores"][0];
  EXPECT_NEAR(cosine, score["cosine"].get<double>(), 1e-4);
}

TEST_F(EmbedTest, NumpyFileKeepsARowForEveryInput) {
  const std::string image = picture("a.ppm");
  const std::string npy = path("out.npy");
  const ProgramResult result = run({"embed", image, path("absent.jpg"), image, "--npy", npy});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  std::ifstream stream(npy, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  const size_t header = static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
  EXPECT_EQ((10 + header) % 64, 0U);
  EXPECT_NE(bytes.find("'shape': (3, "), std::string::npos);
  std::vector<float> values((bytes.size() - 10 - header) / sizeof(float));
  std::memcpy(values.data(), bytes.data() + 10 + header, values.size() * sizeof(float));
  const size_t dim = values.size() / 3;
  EXPECT_TRUE(std::isfinite(values[0]));
  EXPECT_TRUE(std::isnan(values[dim]));
  EXPECT_EQ(values[0], values[2 * dim]);
}

TEST_F(EmbedTest, NumpyFileGoesIntoAPipe) {
  const std::string script = "'" KILOWORD_PROGRAM "' embed --text 'a dog' --npy >(head -c 6) && wait $!";
  EXPECT_EQ(run_program({"bash", "-c", script}).out, "\x93NUMPY");
}

TEST_F(EmbedTest, NumpyFileThatCannotBeWrittenIsExit4) {
  const ProgramResult result = run({"embed", picture("a.ppm"), "--npy", picture("file.ppm") + "/x.npy"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_NE(result.err.find("not a directory"), std::string::npos) << result.err;
}

TEST_F(TokenizeTest, IdsAndPieces) {
  const json record = records_of(run({"tokenize", "a photo of a dog"})).at(0);
  EXPECT_EQ(record["text"], "a photo of a dog");
  EXPECT_EQ(record["ids"].size(), record["pieces"].size());
  EXPECT_GE(record["ids"].size(), 5U);
}

TEST_F(TokenizeTest, LinesAreJsonStrings) {
  ProgramSetup setup;
  setup.input = "\"two\\nlines\"\n\"\\u00e9\"\n";
  const auto records = records_of(run({"tokenize", "--lines"}, setup));
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["text"], "two\nlines");
  EXPECT_EQ(records[1]["text"], "é");
  setup.input = "\"good\"\nbad\n";
  const ProgramResult bad = run({"tokenize", "--lines"}, setup);
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_EQ(bad.err,
            "kiloword: standard input:2: not a JSON string; with --lines every line is one text in "
            "JSON, e.g. "
            "\"a photo\"\n");
}

TEST_F(TokenizeTest, MissingPlugInIsSaidClearly) {
  const std::filesystem::path copy = folder_.path() / "bin" / "kiloword";
  std::filesystem::create_directory(copy.parent_path());
  std::filesystem::copy_file(KILOWORD_PROGRAM, copy);
  const std::string tokenizer = KILOWORD_SOURCE_DIR "/models/nano/tokenizer.model";
  const ProgramResult result = run_program({copy.string(), "tokenize", "--model", tokenizer, "a photo"});
  const std::string plugin = path("lib/kiloword/kiloword_sentencepiece.so");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err,
            "kiloword: " + plugin + ": SentencePiece plug-in cannot be loaded (" + plugin +
                ": cannot open shared object file: No such file or directory); install kiloword again\n");
}

TEST_F(TokenizeTest, FolderThatHoldsOnlyATokenizer) {
  const std::filesystem::path shared = std::filesystem::path(KILOWORD_SHARED_DIR) / "tokenizers" / "gpt2";
  if (!std::filesystem::exists(shared)) GTEST_SKIP() << "no reference tokenizers here";
  const json record = records_of(run({"tokenize", "--model", shared.string(), "Hello world"})).at(0);
  EXPECT_EQ(record["ids"], json::parse("[15496,995]"));
  EXPECT_EQ(record["pieces"], json::parse("[\"Hello\",\"\u0120world\"]"));
}

}  // namespace
}  // namespace kiloword::testing
