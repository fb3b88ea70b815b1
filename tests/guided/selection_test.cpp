#include "guided/selection.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

Continuation candidate(const std::string& text, double value, bool ends = false, size_t phrases = 0) {
  Continuation result;
  result.text = text;
  result.value = value;
  result.ends = ends;
  result.phrases = phrases;
  return result;
}

std::vector<std::string> texts(const std::vector<Continuation>& candidates) {
  std::vector<std::string> result;
  result.reserve(candidates.size());
  for (const Continuation& one : candidates) result.push_back(one.text);
  return result;
}

using Texts = std::vector<std::string>;

TEST(Selection, TakesTheBestOfEachNumberOfPhrases) {
  std::mt19937_64 random(1);
  std::vector<Continuation> all{candidate("a", 1), candidate("b", 3), candidate("c", 2),
                                candidate("d", -9, false, 1)};
  EXPECT_EQ(texts(select(all, 2, 0, random).going_on), (Texts{"b", "c", "d"}));
  EXPECT_EQ(all.front().text, "b");
}

TEST(Selection, EqualTextsCountOnce) {
  std::mt19937_64 random(1);
  std::vector<Continuation> all{candidate("a", 1), candidate("a", 3), candidate("b", 2),
                                candidate("a", 2.5, true)};
  const Selection selection = select(all, 2, 0, random);
  EXPECT_EQ(texts(selection.going_on), (Texts{"a", "b"}));
  EXPECT_EQ(selection.going_on.front().value, 3);
  EXPECT_EQ(texts(selection.ended), Texts{"a"});
}

TEST(Selection, ATextEndsOnlyAmongTheBest) {
  std::mt19937_64 random(1);
  std::vector<Continuation> all{candidate("a", 5), candidate("b", 4, true), candidate("c", 3, true),
                                candidate("d", 2)};
  const Selection selection = select(all, 2, 0, random);
  EXPECT_EQ(texts(selection.going_on), (Texts{"a", "d"}));
  EXPECT_EQ(texts(selection.ended), Texts{"b"});
}

TEST(Selection, EqualValuesKeepTheirOrder) {
  std::mt19937_64 random(1);
  std::vector<Continuation> all{candidate("b", 1), candidate("a", 1), candidate("c", 1)};
  EXPECT_EQ(texts(select(all, 2, 0, random).going_on), (Texts{"b", "a"}));
}

}  // namespace
}  // namespace kiloword
