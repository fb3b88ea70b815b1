#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(HubFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/hub"), 8U);
}

}  // namespace
}  // namespace kiloword
