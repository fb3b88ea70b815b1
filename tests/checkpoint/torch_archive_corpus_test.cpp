#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(TorchArchiveFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/torch_archive"), 7U);
}

}  // namespace
}  // namespace kiloword
