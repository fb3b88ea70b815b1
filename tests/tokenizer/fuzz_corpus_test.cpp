#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(BpeFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/bpe"), 10U);
}

}  // namespace
}  // namespace kiloword
