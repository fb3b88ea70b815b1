#include "kiloword/base/error.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

TEST(Error, JoinsWhatWhereAndRemedyOnOneLine) {
  EXPECT_STREQ(Error(ErrorKind::kInput, "truncated JPEG", "a.jpg", "copy it again").what(),
               "truncated JPEG, a.jpg; copy it again");
  EXPECT_STREQ(Error(ErrorKind::kInput, "truncated JPEG").what(), "truncated JPEG");
  EXPECT_STREQ(Error(ErrorKind::kInput, "truncated JPEG", "", "copy it again").what(),
               "truncated JPEG; copy it again");
}

TEST(Error, HostilePathCannotBreakTheLine) {
  const Error error(ErrorKind::kInput, "no such file", "a\nkiloword: error: fake\x1b[2J\xff.jpg");
  EXPECT_STREQ(error.what(), "no such file, a\uFFFDkiloword: error: fake\uFFFD[2J\uFFFD.jpg");
}

TEST(Error, AtReplacesThePlaceOnly) {
  const Error moved = Error(ErrorKind::kModel, "bad header", "bytes", "restore it").at("m/model.safetensors");
  EXPECT_EQ(moved.kind(), ErrorKind::kModel);
  EXPECT_STREQ(moved.what(), "bad header, m/model.safetensors; restore it");
}

TEST(Error, EveryKindHasItsWord) {
  EXPECT_EQ(error_kind_name(ErrorKind::kUsage), "usage");
  EXPECT_EQ(error_kind_name(ErrorKind::kInput), "input");
  EXPECT_EQ(error_kind_name(ErrorKind::kModel), "model");
  EXPECT_EQ(error_kind_name(ErrorKind::kLabels), "labels");
  EXPECT_EQ(error_kind_name(ErrorKind::kOutput), "output");
  EXPECT_EQ(error_kind_name(ErrorKind::kBusy), "busy");
  EXPECT_EQ(error_kind_name(ErrorKind::kInternal), "internal");
}

}  // namespace
}  // namespace kiloword
