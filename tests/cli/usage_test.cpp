#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using UsageTest = CliTest;

/// Checks that `arguments` give exactly one error line and nothing on stdout.
void expect_error(const ProgramResult& result, int exit_code, const std::string& line) {
  EXPECT_EQ(result.exit_code, exit_code);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "kiloword: error: " + line + "\n");
}

TEST_F(UsageTest, HelpAndVersion) {
  const ProgramResult version = run({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.out, std::string("kiloword ") + KILOWORD_VERSION + "\n");
  const ProgramResult help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : {"caption", "score", "embed", "tokenize", "labels", "models", "doctor"}) {
    EXPECT_NE(help.out.find(command), std::string::npos) << command;
  }
  const ProgramResult caption = run({"caption", "--help"});
  for (const char* option :
       {"--model", "--labels", "--top-k", "--rank", "--min-confidence", "--author", "--format", "--explain",
        "--max-pixels", "--threads", "--device", "--precision", "--files-from", "--files0-from"}) {
    EXPECT_NE(caption.out.find(option), std::string::npos) << option;
  }
}

TEST_F(UsageTest, WrongArgumentsAreOneLineAndExit2) {
  expect_error(run({}), 2, "a subcommand is required; see 'kiloword --help'");
  expect_error(run({"captoin"}), 2, "a subcommand is required; see 'kiloword --help'");
  expect_error(run({"caption"}), 2,
               "no input; give image files, '-' for an image on standard input, or a list with --files-from");
  expect_error(run({"caption", "-", "-"}), 2,
               "standard input can be read only once; use '-' for one input or list");
  expect_error(run({"caption", "a.jpg", "--wrong"}), 2,
               "the following argument was not expected: --wrong; see 'kiloword caption --help'");
  expect_error(run({"caption", "a.jpg", "--top-k", "0"}), 2,
               "--top-k: Value 0 not in range 1 to 1000; see 'kiloword caption --help'");
  expect_error(run({"caption", "a.jpg", "--rank", "best"}), 2,
               "--rank: best not in {probability,cosine}; see 'kiloword caption --help'");
  expect_error(run({"score", "a.jpg"}), 2, "--text is required; see 'kiloword score --help'");
  expect_error(run({"embed"}), 2, "nothing to embed; give image files, or texts with --text");
  expect_error(run({"embed", "a.jpg", "--text", "b"}), 2,
               "images and texts at once; give image files, or texts with --text");
  expect_error(run({"tokenize"}), 2, "no text; give texts, or JSON strings on standard input with --lines");
}

TEST_F(UsageTest, NoGpuIsSaidClearly) {
  const std::string image = picture("a.ppm");
  const ProgramResult result = run({"caption", image, "--device", "cuda:63"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(lines_of(result.err).size(), 1U);
  EXPECT_NE(result.err.find("CUDA device"), std::string::npos) << result.err;
  EXPECT_EQ(run({"caption", image, "--device", "gpu"}).exit_code, 2);
}

TEST_F(UsageTest, MissingModelAndLabelsExit3) {
  const std::string image = picture("a.ppm");
  const ProgramResult model = run({"caption", image, "--model", "mega"});
  expect_error(model, 3,
               "unknown model 'mega'; bundled models: nano; or give a folder in Hugging Face layout");
  const ProgramResult labels = run({"caption", image, "--labels", "mediun"});
  EXPECT_EQ(labels.exit_code, 3);
  EXPECT_NE(labels.err.find("medium"), std::string::npos) << labels.err;
  EXPECT_EQ(lines_of(labels.err).size(), 1U);
}

TEST_F(UsageTest, ColorOnlyWhenAskedFor) {
  EXPECT_EQ(run({"caption", "--model", "mega", "a.jpg"}).err.find('\x1b'), std::string::npos);
  EXPECT_NE(run({"--color", "always", "caption", "--model", "mega", "a.jpg"}).err.find('\x1b'),
            std::string::npos);
}

}  // namespace
}  // namespace kiloword::testing
