#include "kiloword/engine/c_api.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace {

using EnginePointer = std::unique_ptr<kw_engine, decltype(&kw_close)>;
using Text = std::unique_ptr<char, decltype(&kw_free)>;

std::string drawn() {
  std::string text = "P3 32 24 255\n";
  for (int i = 0; i < 32 * 24; ++i) text += std::to_string(i % 256) + " 120 " + std::to_string(i % 32) + "\n";
  return text;
}

class CApi : public ::testing::Test {
 protected:
  CApi() : engine(open(), kw_close) {}

  static kw_engine* open() {
    const char* options[] = {"lm=nano-lm", "threads=1", nullptr};  // NOLINT(modernize-avoid-c-arrays): C's
    return kw_open(options);
  }

  EnginePointer engine;
};

TEST_F(CApi, CaptionsDescribesAndEmbeds) {
  ASSERT_NE(engine, nullptr) << kw_last_error();
  const std::string image = drawn();
  const char* few[] = {"top_k=1", "author=Ada", nullptr};  // NOLINT(modernize-avoid-c-arrays): C's
  const Text caption(kw_caption_bytes(engine.get(), image.data(), image.size(), few), kw_free);
  ASSERT_NE(caption, nullptr) << kw_last_error();
  const auto record = nlohmann::json::parse(caption.get());
  EXPECT_EQ(record.at("status"), "ok");
  EXPECT_EQ(record.at("caption").get<std::string>().rfind("Ada: [Image Attached: ", 0), 0U);

  const char* short_text[] = {"tokens=3", "avoid=man", nullptr};  // NOLINT(modernize-avoid-c-arrays): C's
  const Text description(kw_describe_bytes(engine.get(), image.data(), image.size(), short_text), kw_free);
  ASSERT_NE(description, nullptr) << kw_last_error();
  EXPECT_NE(nlohmann::json::parse(description.get()).at("description"), "");

  std::vector<float> values(kw_embedding_dim(engine.get()));
  EXPECT_EQ(kw_embed_image_bytes(engine.get(), image.data(), image.size(), values.data()), 1);
  const char* texts[] = {"a dog"};  // NOLINT(modernize-avoid-c-arrays): C's
  EXPECT_EQ(kw_embed_texts(engine.get(), texts, 1, values.data()), 1);
  double squares = 0;
  for (const float value : values) squares += value * value;
  EXPECT_NEAR(squares, 1, 1e-4);
}

TEST_F(CApi, WhatFailsSaysWhyToItsOwnThread) {
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(kw_caption_file(engine.get(), "absent.jpg", nullptr), nullptr);
  EXPECT_STREQ(kw_last_error(), "no such file or directory, absent.jpg");
  EXPECT_STREQ(kw_last_error_kind(), "input");
  std::thread([] { EXPECT_STREQ(kw_last_error(), ""); }).join();
  const char* wrong[] = {"top_k=0", nullptr};  // NOLINT(modernize-avoid-c-arrays): C's
  EXPECT_EQ(kw_caption_file(engine.get(), "absent.jpg", wrong), nullptr);
  EXPECT_STREQ(kw_last_error(), "not a whole number from 1 to 1000, top_k; change it");
  const char* unknown[] = {"shoes=red", nullptr};  // NOLINT(modernize-avoid-c-arrays): C's
  EXPECT_EQ(kw_open(unknown), nullptr);
  EXPECT_NE(std::string(kw_last_error()).find("unknown option"), std::string::npos);
}

TEST(CApiEnds, WhatIsNot) {
  kw_close(nullptr);
  kw_free(nullptr);
  EXPECT_NE(std::string(kw_version()), "");
}

}  // namespace
