#include "kiloword/batch/shard.h"

#include <gtest/gtest.h>

#include "batch/list_source.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

TEST(Shard, ReadsIOfN) {
  const Shard shard = parse_shard("3/8");
  EXPECT_EQ(shard.number, 3U);
  EXPECT_EQ(shard.count, 8U);
  EXPECT_EQ(shard.text(), "3/8");
}

TEST(Shard, RefusesWhatIsNoPart) {
  for (const char* text :
       {"", "/", "1", "0/4", "5/4", "1/0", "-1/4", "1/4x", "a/4", "1/ 4", "1/1000001", "1/4/2"}) {
    EXPECT_THROW(parse_shard(text), Error) << text;
  }
}

TEST(Shard, ByInputIsPartOfItsName) {
  const Shard shard = parse_shard("3/8", ShardUnit::kInput);
  EXPECT_EQ(shard.text(), "3/8 by input");
  EXPECT_EQ(shard_named("3/8 by input"), shard);
  EXPECT_FALSE(shard == parse_shard("3/8"));
  EXPECT_FALSE(shard_named(" by input"));
  EXPECT_FALSE(shard_named("9/8 by input"));
  EXPECT_THROW(parse_shard("3/8 by input"), Error);
  EXPECT_FALSE(parse_shard("1/1", ShardUnit::kInput).by_input());
}

TEST(Shard, EveryPathBelongsToExactlyOneAndPartsAreOfLikeSize) {
  constexpr uint64_t kShards = 7;
  std::vector<int> sizes(kShards, 0);
  for (const std::string& path : testing::numbered("photos/", 7000)) {
    int owners = 0;
    for (uint64_t number = 1; number <= kShards; ++number) {
      if (!Shard{number, kShards}.contains(path)) continue;
      ++owners;
      ++sizes[number - 1];
    }
    EXPECT_EQ(owners, 1) << path;
  }
  for (const int size : sizes) EXPECT_NEAR(size, 1000, 150);
}

TEST(Shard, IsTheSameOnEveryMachine) {
  // XXH3-64 of "a/b.jpg" is 268571dfdaffb0cd, as the program `xxhsum -H3` (0.8.1) has it.
  EXPECT_TRUE((Shard{542, 1000}).contains("a/b.jpg"));
}

}  // namespace
}  // namespace kiloword
