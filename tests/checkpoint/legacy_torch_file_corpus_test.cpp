#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(LegacyTorchFileFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/legacy_torch_file"), 8U);
}

}  // namespace
}  // namespace kiloword
