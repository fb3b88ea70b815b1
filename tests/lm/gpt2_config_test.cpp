#include "lm/gpt2_config.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;

Gpt2Config read(const json& values) {
  const testing::TemporaryFolder folder;
  return read_gpt2_config(folder.write("config.json", values.dump()));
}

std::string error_with(const std::string& key, const json& value) {
  try {
    read({{key, value}});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    return error.message();
  }
  return "no error";
}

TEST(Gpt2Config, DefaultsAreThoseOfHuggingFace) {
  const Gpt2Config config = read(json::object());
  EXPECT_EQ(config.vocab_size, 50257);
  EXPECT_EQ(config.context_length, 1024);
  EXPECT_EQ(config.width, 768);
  EXPECT_EQ(config.hidden, 3072);
  EXPECT_EQ(config.layers, 12);
  EXPECT_EQ(config.heads, 12);
  EXPECT_EQ(config.activation, Activation::kTanhGelu);
  EXPECT_EQ(config.norm_epsilon, 1e-5);
  EXPECT_EQ(config.bos_id, -1);
  EXPECT_TRUE(config.eos_ids.empty());
  EXPECT_TRUE(config.tied);
}

TEST(Gpt2Config, ReadsEveryKey) {
  const Gpt2Config config = read({{"model_type", "gpt2"},
                                  {"vocab_size", 500},
                                  {"n_positions", 64},
                                  {"n_ctx", 128},
                                  {"n_embd", 96},
                                  {"n_inner", 100},
                                  {"n_layer", 3},
                                  {"n_head", 6},
                                  {"activation_function", "gelu"},
                                  {"layer_norm_epsilon", 1e-6},
                                  {"bos_token_id", 1},
                                  {"eos_token_id", 2}});
  EXPECT_EQ(config.vocab_size, 500);
  EXPECT_EQ(config.context_length, 64);
  EXPECT_EQ(config.width, 96);
  EXPECT_EQ(config.hidden, 100);
  EXPECT_EQ(config.layers, 3);
  EXPECT_EQ(config.heads, 6);
  EXPECT_EQ(config.activation, Activation::kGelu);
  EXPECT_EQ(config.norm_epsilon, 1e-6);
  EXPECT_EQ(config.bos_id, 1);
  EXPECT_EQ(config.eos_ids, (std::vector<int32_t>{2}));
}

TEST(Gpt2Config, TakesWhatOldAndDistilledModelsWrite) {
  EXPECT_EQ(read({{"n_ctx", 128}}).context_length, 128);
  EXPECT_EQ(read({{"n_embd", 96}, {"n_inner", nullptr}}).hidden, 384);
  EXPECT_EQ(read({{"activation_function", "gelu_pytorch_tanh"}}).activation, Activation::kTanhGelu);
  EXPECT_EQ(read({{"activation_function", "gelu_fast"}}).activation, Activation::kTanhGelu);
  EXPECT_EQ(read({{"eos_token_id", {7, 9}}}).eos_ids, (std::vector<int32_t>{7, 9}));
  EXPECT_FALSE(read({{"tie_word_embeddings", false}}).tied);
}

TEST(Gpt2Config, NamesWhatIsWrong) {
  EXPECT_EQ(error_with("model_type", "gpt_neo"),
            "model_type is \"gpt_neo\", only gpt2, gpt_neox, llama, opt, qwen2 and qwen3 are supported");
  EXPECT_EQ(error_with("vocab_size", 0), "vocab_size must be a whole number from 1 to 4000000");
  EXPECT_EQ(error_with("n_positions", 1), "n_positions must be a whole number from 2 to 65536");
  EXPECT_EQ(error_with("n_ctx", "x"), "n_ctx must be a whole number from 2 to 65536");
  EXPECT_EQ(error_with("n_embd", 1 << 20), "n_embd must be a whole number from 1 to 65536");
  EXPECT_EQ(error_with("n_inner", -1), "n_inner must be a whole number from 1 to 262144");
  EXPECT_EQ(error_with("n_layer", 513), "n_layer must be a whole number from 1 to 512");
  EXPECT_EQ(error_with("n_head", 7), "n_head is 7, which does not divide the width 768");
  EXPECT_EQ(error_with("layer_norm_epsilon", 0), "layer_norm_epsilon must be a number from 1e-12 to 0.1");
  EXPECT_EQ(error_with("bos_token_id", 50257), "bos_token_id must be a whole number from 0 to 50256");
  EXPECT_EQ(error_with("eos_token_id", -1), "eos_token_id must be a whole number from 0 to 50256");
  EXPECT_EQ(error_with("activation_function", "swish"),
            "activation_function is \"swish\", only gelu_new and gelu are supported");
}

TEST(Gpt2Config, RefusesVariantsThatComputeSomethingElse) {
  EXPECT_EQ(error_with("scale_attn_weights", false), "scale_attn_weights is false, which is not supported");
  EXPECT_EQ(error_with("scale_attn_by_inverse_layer_idx", true),
            "scale_attn_by_inverse_layer_idx is true, which is not supported");
}

}  // namespace
}  // namespace kiloword
