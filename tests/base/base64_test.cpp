#include "kiloword/base/base64.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

TEST(Base64, GivesBackWhatWasEncoded) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("YQ=="), "a");
  EXPECT_EQ(decode_base64("YWI="), "ab");
  EXPECT_EQ(decode_base64("YWJj"), "abc");
  EXPECT_EQ(decode_base64(base64("\xff\xfe\x01")), "\xff\xfe\x01");
  EXPECT_EQ(decode_base64("_-8="), "\xff\xef");
  EXPECT_EQ(decode_base64("Y"), std::nullopt);
  EXPECT_EQ(decode_base64("YQ==YQ=="), std::nullopt);
}

}  // namespace
}  // namespace kiloword
