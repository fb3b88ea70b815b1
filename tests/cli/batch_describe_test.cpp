#include <gmock/gmock.h>

#include "cli/batch_fixture.h"

namespace kiloword::testing {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;

class BatchDescribeTest : public BatchTest {
 protected:
  ProgramResult describe_batch(const std::string& output, std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--describe", "--tokens", "8"});
    return batch(output, more);
  }
};

TEST_F(BatchDescribeTest, RowsSayWhatDescribeSaysOneByOne) {
  small_pictures(12);
  folder_.write("in/1/bad.jpg", "bad");
  EXPECT_EQ(describe_batch("o.jsonl", {"--threads", "3"}).exit_code, 1);
  size_t described = 0;
  for (const std::string& line : rows("o.jsonl")) {
    ordered_json row = ordered_json::parse(line);
    for (const char* key : {"index", "bytes", "modified", "run"}) EXPECT_EQ(row.erase(key), 1U);
    const ProgramResult alone = run({"describe", row["path"], "--format", "json", "--tokens", "8"});
    ordered_json record = ordered_json::parse(alone.out);
    record.erase("ms");
    EXPECT_EQ(row.dump(), record.dump());
    described += row.contains("description") ? 1U : 0U;
  }
  EXPECT_EQ(described, 12U);
}

TEST_F(BatchDescribeTest, StatementsAreThoseOfCaptions) {
  small_pictures(4);
  EXPECT_EQ(describe_batch("both.jsonl", {"--caption"}).exit_code, 0);
  EXPECT_EQ(describe_batch("described.jsonl").exit_code, 0);
  EXPECT_EQ(batch("captioned.jsonl").exit_code, 0);
  for (size_t i = 0; i < 4; ++i) {
    ordered_json both = ordered_json::parse(rows("both.jsonl")[i]);
    ordered_json described = ordered_json::parse(rows("described.jsonl")[i]);
    EXPECT_EQ(both["statements"], ordered_json::parse(rows("captioned.jsonl")[i])["statements"]);
    EXPECT_NE(both["run"], described["run"]);
    both.erase("statements");
    both.erase("run");
    described.erase("run");
    EXPECT_EQ(both.dump(), described.dump());
  }
}

TEST_F(BatchDescribeTest, ShardsMergeAndRunsResume) {
  small_pictures(6);
  describe_batch("whole.jsonl");
  describe_batch("s1", {"--shard", "1/2"});
  describe_batch("s2", {"--shard", "2/2"});
  EXPECT_EQ(run({"merge", path("s1"), path("s2"), "-o", path("merged.jsonl")}).exit_code, 0);
  EXPECT_EQ(rows("merged.jsonl"), rows("whole.jsonl"));
  EXPECT_THAT(describe_batch("whole.jsonl", {"--resume"}).err, HasSubstr("0 captioned, 0 failed, 6 kept"));
  EXPECT_THAT(describe_batch("whole.jsonl", {"--resume", "--beams", "1"}).err, HasSubstr("6 captioned"));
  EXPECT_THAT(batch("whole.jsonl", {"--resume"}).err, HasSubstr("6 captioned"));
}

TEST_F(BatchDescribeTest, OptionsOfDescriptionsGoWithDescriptionsAlone) {
  small_pictures(1);
  EXPECT_EQ(batch("o.jsonl", {"--beams", "2"}).exit_code, 2);
  EXPECT_EQ(batch("o.jsonl", {"--caption"}).exit_code, 2);
  EXPECT_EQ(batch("o.jsonl", {"--describe", "--server", "http://127.0.0.1:1"}).exit_code, 2);
}

}  // namespace
}  // namespace kiloword::testing
