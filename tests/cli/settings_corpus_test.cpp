#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(SettingsFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/settings"), 8U);
}

}  // namespace
}  // namespace kiloword
