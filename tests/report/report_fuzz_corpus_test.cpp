#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(ReportFuzzCorpus, NothingInItMakesTheParserFail) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/report"), 5U);
}

}  // namespace
}  // namespace kiloword
