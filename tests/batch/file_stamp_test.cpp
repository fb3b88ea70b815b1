#include "batch/file_stamp.h"

#include <gtest/gtest.h>

#include <limits>

#include "batch/modified_time.h"

namespace kiloword {
namespace {

std::string text_of(int64_t seconds, int64_t ns) {
  return modified_time(time_in_ns(seconds, ns));
}

TEST(FileStamp, TimesHaveTheirTextWhateverTheYear) {
  EXPECT_EQ(text_of(0, 0), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(text_of(-1, 999'999'999), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(text_of(9'223'372'037, 5), "2262-04-11T23:47:17.000000005Z");
  EXPECT_EQ(text_of(32'503'680'000, 7), "3000-01-01T00:00:00.000000007Z");
  EXPECT_EQ(text_of(-11'676'096'000, 0), "1600-01-01T00:00:00.000000000Z");
}

TEST(FileStamp, TimesThatNoTextHoldsBecomeTheNearest) {
  EXPECT_EQ(text_of(std::numeric_limits<int64_t>::max(), 0), "9999-12-31T23:59:59.000000000Z");
  EXPECT_EQ(text_of(std::numeric_limits<int64_t>::min(), 0), "0000-01-01T00:00:00.000000000Z");
}

}  // namespace
}  // namespace kiloword
