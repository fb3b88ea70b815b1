#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(RequestFuzzCorpus, NothingInItMakesTheParserFail) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/request"), 10U);
}

}  // namespace
}  // namespace kiloword
