// Replays the fuzzer's corpus, and the samples, which serve it as seeds.

#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(ImageFuzzCorpus, EveryInputIsHandled) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/image") + testing::replay_corpus("image/data") +
                testing::replay_corpus("image/data/formats"),
            100U);
}

}  // namespace
}  // namespace kiloword
