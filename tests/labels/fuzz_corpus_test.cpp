#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(LabelsFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/labels"), 10U);
}

}  // namespace
}  // namespace kiloword
