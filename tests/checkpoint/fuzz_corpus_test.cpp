#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(SafetensorsFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/safetensors"), 10U);
}

}  // namespace
}  // namespace kiloword
