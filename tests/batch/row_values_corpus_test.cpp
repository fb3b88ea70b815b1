#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(RowValuesFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/row_values"), 6U);
}

}  // namespace
}  // namespace kiloword
