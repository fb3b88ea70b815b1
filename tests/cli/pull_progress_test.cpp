#include "cli/output/pull_progress.h"

#include <gtest/gtest.h>

namespace kiloword::cli {
namespace {

TEST(PullText, TellsFileBytesRateAndTime) {
  const PullState state{"model.safetensors", 300000000, 200000000, 600000000};
  EXPECT_EQ(pull_text(state, 25e6, 0), "model.safetensors, 300 MB of 600 MB, 25.0 MB/s, 12 s left");
  EXPECT_EQ(pull_text(state, 0, 0), "model.safetensors, 300 MB of 600 MB");
  EXPECT_EQ(pull_text({"a", 5, 5, 5}, 10, 0), "a, 5 B of 5 B, 10 B/s");
}

TEST(PullText, FitsTheTerminal) {
  const PullState state{"model.safetensors", 300000000, 200000000, 600000000};
  for (const size_t columns : {10U, 40U, 66U, 80U, 200U}) {
    EXPECT_LE(pull_text(state, 25e6, columns).size(), columns);
  }
  EXPECT_EQ(pull_text({"a", 1, 1, 2}, 0, 40).substr(0, 26), "[============>           ]");
}

}  // namespace
}  // namespace kiloword::cli
