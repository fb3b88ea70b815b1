#include "kiloword/report/row_reader.h"

#include <gtest/gtest.h>

#include "report/rows.h"
#include "support/temporary_folder.h"

namespace kiloword::testing {
namespace {

class RowReaderTest : public ::testing::Test {
 protected:
  static std::string row(const std::string& path) { return to_json(captioned(path, {})); }

  std::string file(const std::string& name, const std::string& content) const {
    return folder_.write(name, content).string();
  }

  /// The paths of all rows.
  static std::vector<std::string> paths(RowReader& reader) {
    std::vector<std::string> read;
    while (const auto row = reader.next()) read.push_back(row->path);
    return read;
  }

  static std::string failure(const std::vector<std::string>& files) {
    try {
      RowReader reader(files);
      paths(reader);
    } catch (const Error& error) {
      return error.message();
    }
    return "none";
  }

  TemporaryFolder folder_;
};

using Paths = std::vector<std::string>;

TEST_F(RowReaderTest, GivesTheRowsOfAllFilesInOrder) {
  RowReader reader({file("1", row("a") + "\n" + row("b") + "\r\n\n \n"), file("2", ""), file("3", row("c"))});
  EXPECT_EQ(paths(reader), (Paths{"a", "b", "c"})) << "the last line is whole, though it has no end";
  EXPECT_TRUE(reader.skipped().empty());
}

TEST_F(RowReaderTest, PassesOverLinesThatAreNoRecords) {
  const std::string name = file("1", row("a") + "\n{}\n" + row("b") + "\nnonsense\n" + row("c") + "\n");
  RowReader reader({name});
  EXPECT_EQ(paths(reader), (Paths{"a", "b", "c"}));
  ASSERT_EQ(reader.skipped().size(), 1U);
  const SkippedLines& skipped = reader.skipped().front();
  EXPECT_EQ(skipped.file, name);
  EXPECT_EQ(skipped.lines, 2U);
  EXPECT_EQ(skipped.first_line, 2U);
  EXPECT_EQ(skipped.first_reason, "no \"schema\"");
  EXPECT_FALSE(skipped.torn_end);
}

TEST_F(RowReaderTest, ATornEndIsNoBrokenLine) {
  const std::string last = row("b");
  RowReader reader(
      {file("1", row("a") + "\n" + last.substr(0, last.size() / 2)), file("2", row("c") + "\n")});
  EXPECT_EQ(paths(reader), (Paths{"a", "c"}));
  ASSERT_EQ(reader.skipped().size(), 1U);
  EXPECT_EQ(reader.skipped().front().lines, 0U);
  EXPECT_TRUE(reader.skipped().front().torn_end);
}

TEST_F(RowReaderTest, HugeLinesArePassedOver) {
  const std::string huge(3 << 20, 'x');
  const std::string over = R"({"schema":1,"path":")" + std::string(1 << 20, 'y') + "\"}";
  RowReader reader(
      {file("1", row("a") + "\n" + huge + "\n" + row("b") + "\n" + over + "\n" + row("c") + "\n" + huge)});
  EXPECT_EQ(paths(reader), (Paths{"a", "b", "c"}));
  ASSERT_EQ(reader.skipped().size(), 1U);
  EXPECT_EQ(reader.skipped().front().lines, 2U);
  EXPECT_EQ(reader.skipped().front().first_line, 2U);
  EXPECT_EQ(reader.skipped().front().first_reason, "longer than 1048576 bytes");
  EXPECT_TRUE(reader.skipped().front().torn_end);
}

TEST_F(RowReaderTest, FilesThatAreNotOfKilowordAreRefused) {
  EXPECT_EQ(failure({file("1", "GIF89a\nmore\n")}), "holds no records; its line 1 is not JSON in UTF-8");
  EXPECT_EQ(failure({file("1", row("a")), (folder_.path() / "absent").string()}),
            "no such file or directory");
  EXPECT_EQ(failure({folder_.path().string()}), "cannot read: is a directory");
}

}  // namespace
}  // namespace kiloword::testing
