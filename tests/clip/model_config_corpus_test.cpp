#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(ModelConfigFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/model_config"), 17U);
}

}  // namespace
}  // namespace kiloword
