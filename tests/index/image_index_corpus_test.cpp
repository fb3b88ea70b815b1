#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(ImageIndexFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/image_index"), 6U);
}

}  // namespace
}  // namespace kiloword
