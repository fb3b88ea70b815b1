#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(ScorerFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/scorer"), 10U);
}

}  // namespace
}  // namespace kiloword
