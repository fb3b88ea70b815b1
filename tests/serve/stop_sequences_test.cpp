#include "serve/stop_sequences.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kiloword {
namespace {

/// What is passed on of `text`, piece by piece of `bytes`.
std::string passed_on(const std::vector<std::string>& sequences, const std::string& text, size_t bytes) {
  std::string passed;
  StopSequences stop(sequences, [&passed](std::string_view piece) {
    passed += piece;
    return true;
  });
  for (size_t at = 0; at < text.size(); at += bytes) EXPECT_TRUE(stop.add(text.substr(at, bytes)));
  EXPECT_TRUE(stop.finish());
  return passed;
}

TEST(StopSequences, EndTheTextBeforeTheFirstOneHoweverItComes) {
  const std::string text = "a dog on on a lawn";
  for (size_t bytes = 1; bytes <= text.size(); ++bytes) {
    EXPECT_EQ(passed_on({}, text, bytes), text);
    EXPECT_EQ(passed_on({"on a", "lawn"}, text, bytes), "a dog on ");
    EXPECT_EQ(passed_on({"a "}, text, bytes), "");
    EXPECT_EQ(passed_on({"lawns"}, text, bytes), text) << "only the beginning of a sequence comes";
  }
}

TEST(StopSequences, HoldBackOnlyWhatMayBeOne) {
  std::string passed;
  StopSequences stop({"\n\n"}, [&passed](std::string_view piece) {
    passed += piece;
    return true;
  });
  stop.add("a dog\n");
  EXPECT_EQ(passed, "a dog");
  EXPECT_FALSE(stop.reached());
  stop.add("\na cat");
  EXPECT_EQ(passed, "a dog");
  EXPECT_TRUE(stop.reached());
}

TEST(StopSequences, TellWhenTheReaderIsGone) {
  StopSequences stop({}, [](std::string_view) { return false; });
  EXPECT_FALSE(stop.add("a"));
}

}  // namespace
}  // namespace kiloword
