#include "kiloword/base/suggestion.h"

#include <gmock/gmock.h>

#include <string>

namespace kiloword {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Quote, IsPrintableAndCutBetweenCharacters) {
  EXPECT_EQ(quote("a\nb"), "'a\uFFFDb'");
  EXPECT_EQ(quote(std::string(60, 'x')), "'" + std::string(60, 'x') + "'");
  EXPECT_EQ(quote(std::string(59, 'x') + "\u00e9\u00e9"), "'" + std::string(59, 'x') + "\u00e9...'");
}

TEST(CloseNames, AtMostThreeNearestFirst) {
  EXPECT_THAT(close_names("captoin", {"score", "caption", "captain"}), ElementsAre("captain", "caption"));
  EXPECT_THAT(close_names("abcdef", {"abcdxy", "abcdez", "abcdyf", "abcdfe"}),
              ElementsAre("abcdez", "abcdyf", "abcdfe"));
  EXPECT_THAT(close_names("", {"a"}), IsEmpty());
  EXPECT_THAT(close_names("caption", {"doctor"}), IsEmpty());
  EXPECT_THAT(close_names(std::string(101, 'x'), {std::string(100, 'x')}), IsEmpty());
}

TEST(DidYouMean, AsksForEachName) {
  EXPECT_EQ(did_you_mean({}), "");
  EXPECT_EQ(did_you_mean({"a"}), "did you mean 'a'?");
  EXPECT_EQ(did_you_mean({"a", "b"}), "did you mean 'a' or 'b'?");
}

}  // namespace
}  // namespace kiloword
