#include <gmock/gmock.h>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using UsageTest = CliTest;

/// Checks that `arguments` give exactly one error line, about `where`, and nothing on stdout.
void expect_error(const ProgramResult& result, int exit_code, const std::string& line,
                  const std::string& where = "error") {
  EXPECT_EQ(result.exit_code, exit_code);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "kiloword: " + where + ": " + line + "\n");
}

TEST_F(UsageTest, HelpAndVersion) {
  const ProgramResult version = run({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.out, std::string("kiloword ") + KILOWORD_VERSION + "\n");
  const ProgramResult details = run({"--version", "-v"});
  EXPECT_EQ(details.out.rfind(version.out, 0), 0U);
  for (const char* codec : {"libheif", "libjxl", "LibRaw", "rsvg-convert", "pdftoppm"}) {
    EXPECT_NE(details.out.find(codec), std::string::npos) << codec;
  }
  const ProgramResult help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : {"caption", "score", "embed", "tokenize", "labels", "models", "doctor"}) {
    EXPECT_NE(help.out.find(command), std::string::npos) << command;
  }
  const ProgramResult caption = run({"caption", "--help"});
  for (const char* option :
       {"--model",          "--labels",         "--top-k",       "--per-set",    "--rank",
        "--min-confidence", "--author",         "--format",      "--explain",    "--max-pixels",
        "--threads",        "--device",         "--precision",   "--files-from", "--files0-from",
        "--exact",          "--ignore-profile", "--typographic", "--memory",     "--server"}) {
    EXPECT_NE(caption.out.find(option), std::string::npos) << option;
  }
}

// Loading libtorch and OpenCV takes most of a second: the program that people call must not.
TEST_F(UsageTest, TheProgramItselfLoadsNoLargeLibraries) {
  const ProgramResult libraries = run({}, {"", {{"LD_TRACE_LOADED_OBJECTS", "1"}}, "", "", {}});
  EXPECT_NE(libraries.out.find("libstdc++"), std::string::npos) << libraries.out;
  for (const char* large : {"libtorch", "libopencv"})
    EXPECT_EQ(libraries.out.find(large), std::string::npos) << large;
}

TEST_F(UsageTest, ProfilesCanBeIgnoredWhereverImagesAreDecoded) {
  const std::vector<std::vector<std::string>> commands{
      {"caption"}, {"describe"}, {"score"}, {"embed"},     {"batch"},
      {"eval"},    {"report"},   {"serve"}, {"calibrate"}, {"labels", "add-example"}};
  for (std::vector<std::string> command : commands) {
    command.emplace_back("--help");
    EXPECT_THAT(run(command).out, ::testing::HasSubstr("--ignore-profile")) << command[0];
  }
}

TEST_F(UsageTest, WrongArgumentsAreOneLineAndExit2) {
  expect_error(run({}), 2, "a command is required; see 'kiloword --help'");
  expect_error(run({"caption"}), 2,
               "no input; give image files, '-' for an image on standard input, or a list with --files-from");
  expect_error(run({"caption", "-", "-"}), 2,
               "standard input can be read only once; use '-' for one input or list");
  const ProgramResult outside = run({"caption", "a.jpg", "--top-k", "0"});
  EXPECT_EQ(outside.exit_code, 2);
  // How CLI11 words a range differs between its versions.
  EXPECT_THAT(outside.err,
              ::testing::MatchesRegex("kiloword: error: --top-k: Value 0 not in range .*1 .+ 1000.*; see "
                                      "'kiloword caption --help'\n"));
  expect_error(run({"caption", "a.jpg", "--top-k"}), 2,
               "--top-k needs a value; see 'kiloword caption --help'");
  expect_error(run({"caption", "a.jpg", "--rank", "best"}), 2,
               "--rank: best not in {calibrated,probability,cosine}; see 'kiloword caption --help'");
  expect_error(run({"score", "a.jpg"}), 2, "--text is required; see 'kiloword score --help'");
  expect_error(run({"labels", "show"}), 2, "SET is required; see 'kiloword labels show --help'");
  expect_error(run({"models", "info"}), 2, "M is required; see 'kiloword models info --help'");
  expect_error(run({"embed"}), 2, "nothing to embed; give image files, or texts with --text");
  expect_error(run({"embed", "a.jpg", "--text", "b"}), 2,
               "both images and texts; give image files, or texts with --text");
  expect_error(run({"tokenize"}), 2, "no text; give texts, or JSON strings on standard input with --lines");
}

TEST_F(UsageTest, WrongValuesAreNamedWithTheRightOnes) {
  const std::string see = "; see 'kiloword caption --help'";
  for (const char* value : {"0", "-5", "1e3", "many", "", "99999999999999999999999"}) {
    expect_error(run({"caption", "a.jpg", "--max-pixels", value}), 2,
                 "--max-pixels: Value " + std::string(value) + " is not a whole number above 0" + see);
  }
  for (const char* value : {"2", "-0.1", "nan", "half"}) {
    expect_error(run({"caption", "a.jpg", "--min-confidence", value}), 2,
                 "--min-confidence: Value " + std::string(value) + " is not a number from 0 to 1" + see);
  }
  expect_error(run({"caption", "a.jpg", "--format", "xml"}), 2, "--format: xml not in {text,json}" + see);
  for (const char* option : {"--files-from", "--files0-from"}) {
    expect_error(run({"caption", option, ""}), 2, std::string(option) + ": the name is empty" + see);
  }
  expect_error(run({"embed", "a.jpg", "--npy", ""}), 2,
               "--npy: the name is empty; see 'kiloword embed --help'");
  EXPECT_EQ(run({"labels", "list", "--format", "JSON"}).out.substr(0, 1), "{");
}

TEST_F(UsageTest, NumbersThatNoNumberHoldsAreRefused) {
  const std::vector<std::vector<std::string>> wrong{
      {"describe", "a.jpg", "--seed", "-1"},
      {"describe", "a.jpg", "--seed", "99999999999999999999999"},
      {"describe", "a.jpg", "--scorer", "cat", "--scorer-weight", "nan"},
      {"serve", "--request-timeout", "nan"},
      {"batch", "a.jpg", "-o", "-", "--timeout-per-file", "nan"},
      {"batch", "a.jpg", "-o", "-", "--memory", "-1"},
      {"batch", "a.jpg", "-o", "-", "--memory", "-1MB"},
  };
  for (const auto& arguments : wrong) {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_NE(result.err.find("Value " + arguments.back() + " is "), std::string::npos) << result.err;
  }
}

TEST_F(UsageTest, NamesOfArgumentsStayAsTheyAre) {
  expect_error(run({"completion", "tcsh"}), 2,
               "SHELL: tcsh not in {bash,zsh,fish}; see 'kiloword completion --help'");
}

TEST_F(UsageTest, EmptyAndContradictingValuesAreRefused) {
  EXPECT_EQ(run({"describe", "a.jpg", "--avoid", ""}).exit_code, 2);
  EXPECT_EQ(run({"describe", "a.jpg", "--scorer", ""}).exit_code, 2);
  expect_error(run({"serve", "--socket", "s", "--port", "1"}), 2,
               "--port excludes --socket; see 'kiloword serve --help'");
}

TEST_F(UsageTest, AListOfNothingIsAnError) {
  for (const char* command : {"caption", "embed"}) {
    expect_error(run({command, "--files-from", "/dev/null", "--model", "nano"}), 1,
                 "no image found; the list names none");
  }
}

TEST_F(UsageTest, AMissingFolderOfDataIsNamed) {
  ProgramSetup setup;
  setup.environment = {{"KILOWORD_DATA", path("nothing")}};
  expect_error(run({"caption", "a.jpg"}, setup), 3,
               "no such folder of models and labels; unset KILOWORD_DATA, or set it to another folder",
               path("nothing"));
}

TEST_F(UsageTest, UnknownCommandIsNamedWithTheOneMeant) {
  expect_error(run({"captoin", "a.jpg"}), 2,
               "unknown command 'captoin'; did you mean 'caption'? see 'kiloword --help'");
  expect_error(run({"labels", "lst"}), 2,
               "unknown command 'labels lst'; did you mean 'list'? see 'kiloword labels --help'");
  expect_error(run({"models", "inf", "nano"}), 2,
               "unknown command 'models inf'; did you mean 'info'? see 'kiloword models --help'");
  expect_error(run({"photo.jpg"}), 2, "unknown command 'photo.jpg'; see 'kiloword --help'");
  expect_error(run({""}), 2, "unknown command ''; see 'kiloword --help'");
  expect_error(run({"labels"}), 2, "a command is required; see 'kiloword labels --help'");
}

TEST_F(UsageTest, UnknownOptionIsNamedWithTheOneMeant) {
  expect_error(run({"caption", "a.jpg", "--wrong"}), 2,
               "unknown option '--wrong'; see 'kiloword caption --help'");
  expect_error(run({"caption", "a.jpg", "--topk=3"}), 2,
               "unknown option '--topk'; did you mean '--top-k'? see 'kiloword caption --help'");
  expect_error(run({"score", "a.jpg", "--txet", "a dog"}), 2,
               "unknown option '--txet'; did you mean '--text'? see 'kiloword score --help'");
  expect_error(run({"--qiet", "caption", "a.jpg"}), 2,
               "unknown option '--qiet'; did you mean '--quiet'? see 'kiloword caption --help'");
  expect_error(run({"--top-k", "2", "caption", "a.jpg"}), 2,
               "option '--top-k' before its command; put it after 'kiloword caption'");
  expect_error(run({"models", "info", "nano", "mega"}), 2,
               "unexpected argument 'mega'; see 'kiloword models info --help'");
}

TEST_F(UsageTest, AFolderIsNoImageAndNoBatchOfDescriptions) {
  run({"caption", picture("a.ppm")});  // fills the cache of label embeddings, whose progress may be told
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"describe"}, {"embed"}, {"score", "-t", "a dog"}}) {
    auto arguments = command;
    arguments.push_back(folder_.path().string());
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.err, "kiloword: " + folder_.path().string() +
                              ": is a directory; name its images, or a list of them with --files-from\n");
  }
}

TEST_F(UsageTest, AnEmptyValueDoesNotTakeTheNextArgument) {
  const ProgramResult result = run({"embed", "--text=", "--text=cat"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto records = records_of(result);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["text"], "");
  EXPECT_EQ(records[1]["text"], "cat");
  expect_error(run({"embed", "a.jpg", "--npy=", "b.npy"}), 2,
               "--npy: the name is empty; see 'kiloword embed --help'");
}

TEST_F(UsageTest, ClosedDescriptorsAreNotTakenForOthers) {
  const std::string image = picture("a.ppm");
  const std::string batch = "'" KILOWORD_PROGRAM "' batch '" + image + "' '" + path("absent.ppm") + "' -o '" +
                            path("o.jsonl") + "' -v --progress-interval 0.1 --overwrite ";
  for (const char* closed : {"2>&-", "0>&- 2>&-", "0>&- 1>&- 2>&-"}) {
    run_program({"bash", "-c", batch + closed});
    const std::string rows = run_program({"cat", path("o.jsonl")}).out;
    ASSERT_EQ(lines_of(rows).size(), 2U) << closed << rows;
    for (const std::string& row : lines_of(rows)) EXPECT_TRUE(nlohmann::json::accept(row)) << closed << row;
  }
  EXPECT_EQ(run_program({"bash", "-c", "'" KILOWORD_PROGRAM "' labels list >&-"}).exit_code, 4)
      << "results that nobody can read are not written in silence";
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
               "unknown model 'mega'; bundled models: lite, nano, nano-lm, more in: kiloword models list; or "
               "give a model's "
               "folder or file");
  const ProgramResult labels = run({"caption", image, "--labels", "mediun"});
  EXPECT_EQ(labels.exit_code, 3);
  EXPECT_NE(labels.err.find("medium"), std::string::npos) << labels.err;
  EXPECT_EQ(lines_of(labels.err).size(), 1U);
}

TEST_F(UsageTest, ListsThatCannotBeReadAreTold) {
  const std::string remedy = "; give a file that holds paths, or '-' for standard input";
  expect_error(run({"caption", "--files-from", path("absent")}), 1,
               "not a list of images: no such file or directory" + remedy, path("absent"));
  expect_error(run({"caption", "--files0-from", folder_.path().string()}), 1,
               "not a list of images: is a directory" + remedy, folder_.path().string());
  const std::string list = folder_.write("list0", std::string("a.jpg\0b.jpg\0", 12)).string();
  expect_error(run({"caption", "--files-from", list}), 1,
               "a NUL byte in a list of lines; read paths that end in NUL bytes with --files0-from", list);
}

TEST_F(UsageTest, EmptyPathIsSaidToBeEmpty) {
  run({"caption", picture("a.ppm")});  // fills the cache of label embeddings, whose progress may be told
  expect_error(run({"caption", ""}), 1, "empty path; give an image file");
}

TEST_F(UsageTest, ColorOnlyWhenAskedFor) {
  EXPECT_EQ(run({"caption", "--model", "mega", "a.jpg"}).err.find('\x1b'), std::string::npos);
  EXPECT_NE(run({"--color", "always", "caption", "--model", "mega", "a.jpg"}).err.find('\x1b'),
            std::string::npos);
}

}  // namespace
}  // namespace kiloword::testing
