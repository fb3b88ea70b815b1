#include "kiloword/base/hash.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

TEST(Fingerprint, DependsOnContentOnly) {
  EXPECT_EQ(Fingerprint().add("abc").hex(), Fingerprint().add("abc").hex());
  EXPECT_NE(Fingerprint().add("abc").hex(), Fingerprint().add("abd").hex());
  EXPECT_EQ(Fingerprint().add("abc").hex().size(), 32U);
}

TEST(Fingerprint, FieldsDoNotRunIntoEachOther) {
  EXPECT_NE(Fingerprint().add("ab").add("c").hex(), Fingerprint().add("a").add("bc").hex());
  EXPECT_NE(Fingerprint().add("").hex(), Fingerprint().hex());
}

TEST(Fingerprint, AFieldInPartsIsThatField) {
  EXPECT_EQ(Fingerprint().begin_field(5).append("ab").append("").append("cde").add("f").hex(),
            Fingerprint().add("abcde").add("f").hex());
}

}  // namespace
}  // namespace kiloword
