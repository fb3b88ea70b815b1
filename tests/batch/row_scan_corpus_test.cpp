#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(RowScanFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/row_scan"), 9U);
}

}  // namespace
}  // namespace kiloword
