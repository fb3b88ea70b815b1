#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(ShardMarkFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/shard_mark"), 6U);
}

}  // namespace
}  // namespace kiloword
