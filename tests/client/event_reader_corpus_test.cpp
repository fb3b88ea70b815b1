#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(EventReaderFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/event_reader"), 4U);
}

}  // namespace
}  // namespace kiloword
