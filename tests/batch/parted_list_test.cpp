#include "kiloword/batch/parted_list.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "batch/list_source.h"
#include "batch/rows.h"
#include "kiloword/base/error.h"
#include "kiloword/batch/path_list.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

class PartedListTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  static std::vector<std::string> read(const std::string& file, char separator) {
    PathList list(file, separator);
    std::vector<std::string> paths;
    while (auto path = list.next()) paths.push_back(std::move(*path));
    return paths;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(PartedListTest, PartsTogetherAreTheWholeAndAreOfLikeSize) {
  const std::vector<std::string> paths = testing::numbered("photos/some folder/", 10'000);
  for (const char separator : {'\n', '\0'}) {
    for (const uint64_t parts : {1U, 2U, 7U, 64U}) {
      PartedList list(path("list"), parts, separator);
      for (const std::string& path : paths) list.add(path);
      list.finish();
      EXPECT_EQ(list.size(), paths.size());
      std::vector<std::string> together;
      for (uint64_t number = 1; number <= parts; ++number) {
        const std::vector<std::string> part = read(list.part_name(number), separator);
        EXPECT_NEAR(static_cast<double>(part.size()), 10'000.0 / static_cast<double>(parts), 1);
        together.insert(together.end(), part.begin(), part.end());
      }
      EXPECT_EQ(together, paths);
    }
  }
  EXPECT_FALSE(std::filesystem::exists(path("list")));
}

TEST_F(PartedListTest, FewerPathsThanPartsLeaveEmptyParts) {
  PartedList list(path("list"), 4, '\n');
  list.add("a");
  list.add("b");
  list.finish();
  size_t all = 0;
  for (uint64_t number = 1; number <= 4; ++number) all += read(list.part_name(number), '\n').size();
  EXPECT_EQ(all, 2U);
}

TEST_F(PartedListTest, AListThatIsNotFinishedLeavesNothing) {
  {
    PartedList list(path("list"), 2, '\n');
    list.add("a");
    EXPECT_THROW(list.add("a\nb"), Error);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  PartedList whole(path("list"), 0, '\0');
  whole.add("a\nb");
  whole.finish();
  EXPECT_EQ(read(path("list"), '\0'), (std::vector<std::string>{"a\nb"}));
}

}  // namespace
}  // namespace kiloword
