#include "kiloword/search/sentence_bank.h"

#include <gtest/gtest.h>

#include <string>

#include "support/fake_encoder.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::FakeEncoder;

class SentenceBankTest : public ::testing::Test {
 protected:
  SentenceBank open(const std::string& content) {
    folder_.write("bank.txt", content);
    return SentenceBank(folder_.path() / "bank.txt", encoder_, folder_.path() / "cache", observer_);
  }
  std::string refusal(const std::string& content) {
    try {
      open(content);
    } catch (const Error& error) {
      return std::to_string(static_cast<int>(error.kind())) + error.where().substr(error.where().rfind('/')) +
             ": " + error.message();
    }
    return "";
  }

  testing::TemporaryFolder folder_;
  FakeEncoder encoder_;
  Observer observer_;
};

TEST_F(SentenceBankTest, FindsTheNearestSentences) {
  const SentenceBank bank = open(
      "\xEF\xBB\xBF"
      "A dog.\r\n\n  A cat on a mat. \nA dog.\nTwo birds.");
  EXPECT_EQ(encoder_.texts_encoded, 3) << "blank lines and repeated ones count for nothing";
  const std::vector<float> image = FakeEncoder::text_embedding("A cat on a mat.");
  const auto found = bank.nearest(image.data(), 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].text, "A cat on a mat.");
  EXPECT_NEAR(found[0].cosine, 1, 1e-3);
  EXPECT_GE(found[0].cosine, found[1].cosine);
  EXPECT_NEAR(found[0].consensus, (1 + found[1].cosine) / 2, 1e-3);
  EXPECT_EQ(bank.nearest(image.data(), 100).size(), 3U);
}

TEST_F(SentenceBankTest, EmbedsOnce) {
  const std::string first = open("a\nb\n").fingerprint();
  EXPECT_EQ(open("a\nb\n").fingerprint(), first);
  EXPECT_EQ(encoder_.texts_encoded, 2);
  EXPECT_NE(open("a\nb\nc\n").fingerprint(), first);
  EXPECT_EQ(encoder_.texts_encoded, 5);
}

TEST_F(SentenceBankTest, ADamagedIndexIsMadeAnew) {
  open("a\nb\n");
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "cache")) {
    folder_.write("cache/" + entry.path().filename().string(), "no index");
  }
  const std::vector<float> image = FakeEncoder::text_embedding("a");
  EXPECT_EQ(open("a\nb\n").nearest(image.data(), 1).front().text, "a");
}

TEST_F(SentenceBankTest, WhatIsNoListOfSentencesIsRefusedWithItsLine) {
  const std::string input = std::to_string(static_cast<int>(ErrorKind::kInput));
  EXPECT_EQ(refusal("a\n" + std::string(kMaxSentenceBytes + 1, 'x')),
            input + "/bank.txt:2: a sentence of more than 1000 bytes");
  EXPECT_EQ(refusal("a\nb\n\xFF\n"), input + "/bank.txt:3: not UTF-8");
  EXPECT_EQ(refusal(" \n\n"), input + "/bank.txt: no sentences in it");
}

}  // namespace
}  // namespace kiloword
