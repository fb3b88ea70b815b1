#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(RulesFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/rules"), 10U);
}

}  // namespace
}  // namespace kiloword
