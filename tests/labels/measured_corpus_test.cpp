#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(MeasuredFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/measured"), 6U);
}

}  // namespace
}  // namespace kiloword
