#include "kiloword/batch/output_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "batch/rows.h"
#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::content;
using ::testing::HasSubstr;

class OutputFileTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  std::string error_of(const std::string& file, ExistingOutput existing) const {
    try {
      OutputFile output(file, existing);
      return "no error";
    } catch (const Error& error) {
      return error.what();
    }
  }

  testing::TemporaryFolder folder_;
};

TEST_F(OutputFileTest, MakesFoldersAndAppends) {
  OutputFile output(path("new/folder/o.jsonl"), ExistingOutput::kRefuse);
  output.write("a\n");
  output.write("b\nc\n");
  EXPECT_EQ(content(path("new/folder/o.jsonl")), "a\nb\nc\n");
}

TEST_F(OutputFileTest, ContentIsRefusedResumedOrReplaced) {
  folder_.write("o.jsonl", "old\n");
  EXPECT_THAT(error_of(path("o.jsonl"), ExistingOutput::kRefuse), HasSubstr("--resume"));
  OutputFile(path("o.jsonl"), ExistingOutput::kResume).write("more\n");
  EXPECT_EQ(content(path("o.jsonl")), "old\nmore\n");
  OutputFile(path("o.jsonl"), ExistingOutput::kOverwrite).write("new\n");
  EXPECT_EQ(content(path("o.jsonl")), "new\n");
  folder_.write("empty.jsonl", "");
  EXPECT_EQ(error_of(path("empty.jsonl"), ExistingOutput::kRefuse), "no error");
}

TEST_F(OutputFileTest, ASecondWriterIsRefusedWhateverItWants) {
  OutputFile output(path("o.jsonl"), ExistingOutput::kRefuse);
  output.write("a\n");
  for (const auto existing : {ExistingOutput::kRefuse, ExistingOutput::kResume, ExistingOutput::kOverwrite}) {
    EXPECT_THAT(error_of(path("o.jsonl"), existing), HasSubstr("another process is writing it"));
  }
  EXPECT_EQ(content(path("o.jsonl")), "a\n");
}

TEST_F(OutputFileTest, WhatAKilledRewriteLeftIsRemoved) {
  folder_.write("o.jsonl.kiloword-abcd1234", "half");
  folder_.write("o.jsonl.backup", "of the user");
  OutputFile output(path("o.jsonl"), ExistingOutput::kOverwrite);
  EXPECT_FALSE(std::filesystem::exists(path("o.jsonl.kiloword-abcd1234")));
  EXPECT_TRUE(std::filesystem::exists(path("o.jsonl.backup")));
}

TEST_F(OutputFileTest, GoneOrReplacedIsNoticed) {
  OutputFile output(path("o.jsonl"), ExistingOutput::kRefuse);
  output.require_in_place();
  std::filesystem::remove(path("o.jsonl"));
  EXPECT_THROW(output.require_in_place(), Error);
  folder_.write("o.jsonl", "of somebody else");
  EXPECT_THROW(output.write("row\n"), Error);
  EXPECT_EQ(content(path("o.jsonl")), "of somebody else");
}

TEST_F(OutputFileTest, PlacesThatCannotBeWritten) {
  folder_.write("file", "x");
  EXPECT_THAT(error_of(path("file/o.jsonl"), ExistingOutput::kRefuse), HasSubstr("not a directory"));
  EXPECT_THAT(error_of(folder_.path().string(), ExistingOutput::kRefuse), HasSubstr("is a directory"));
}

TEST_F(OutputFileTest, DevicesAreWrittenAndAFullOneIsAnError) {
  OutputFile null("/dev/null", ExistingOutput::kRefuse);
  null.write("a\n");
  EXPECT_FALSE(null.is_regular());
  OutputFile full("/dev/full", ExistingOutput::kRefuse);
  EXPECT_THROW(full.write("a\n"), Error);
}

TEST_F(OutputFileTest, WhatDoesNotFitIsTakenBack) {
  OutputFile output(path("o.jsonl"), ExistingOutput::kRefuse);
  const std::string row(1000, 'r');
  output.write(row + "\n");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1500, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(output.write(row + "\n"), Error);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(content(path("o.jsonl")), row + "\n");
}

}  // namespace
}  // namespace kiloword
