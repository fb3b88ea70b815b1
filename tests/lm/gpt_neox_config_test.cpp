#include "lm/gpt_neox_config.h"

#include <gtest/gtest.h>

#include "kiloword/lm/model_info.h"
#include "lm/model_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;

GptNeoxConfig read(const std::string& model, const json& changes) {
  const ModelFolder folder(model);
  for (const auto& [key, value] : changes.items()) folder.configure(key, value);
  return read_gpt_neox_config(folder.path() / "config.json");
}

std::string error_with(const std::string& key, const json& value, const std::string& model = "pythia") {
  const ModelFolder folder(model);
  folder.configure(key, value);
  const std::string error = folder.load_error();
  return error.substr(0, error.find(", MODEL"));
}

TEST(GptNeoxConfig, ReadsWhatIsPublished) {
  const GptNeoxConfig config = read("pythia", {{"rotary_emb_base", 20000}});
  EXPECT_EQ(config.rotary.dim, 4);
  EXPECT_EQ(config.rotary.base, 20000);
  EXPECT_TRUE(config.parallel);
  EXPECT_TRUE(config.attention_bias);
  EXPECT_FALSE(config.tied);
  EXPECT_EQ(config.bos_id, 0);
  EXPECT_EQ(config.eos_ids, (std::vector<int32_t>{0}));
  EXPECT_EQ(read("pythia", {{"rotary_pct", nullptr}}).rotary.dim, 4);
}

TEST(GptNeoxConfig, ReadsWhatTransformers5Writes) {
  const GptNeoxConfig config = read("neox_sequential", {});
  EXPECT_EQ(config.rotary.dim, 16);
  EXPECT_EQ(config.rotary.base, 25000);
  EXPECT_FALSE(config.parallel);
  EXPECT_FALSE(config.attention_bias);
  EXPECT_TRUE(config.tied);
  EXPECT_EQ(config.activation, Activation::kTanhGelu);
}

TEST(GptNeoxConfig, NamesWhatIsWrong) {
  EXPECT_EQ(error_with("num_attention_heads", 3),
            "num_attention_heads is 3, which does not divide the width 32");
  EXPECT_EQ(error_with("rotary_pct", 0.2), "rotary_pct leaves 3 values of a head to be turned, not pairs");
  EXPECT_EQ(error_with("rotary_pct", 0), "rotary_pct leaves 0 values of a head to be turned, not pairs");
  EXPECT_EQ(error_with("rotary_pct", 2), "rotary_pct must be a number from 0.0 to 1.0");
  EXPECT_EQ(error_with("hidden_act", "silu"),
            "hidden_act is \"silu\", only gelu, gelu_new and gelu_fast are supported");
  EXPECT_EQ(error_with("rope_scaling", {{"type", "dynamic"}, {"factor", 2.0}}),
            "rope_scaling.rope_type is \"dynamic\", only default, linear and llama3 are supported");
  EXPECT_EQ(error_with("hidden_size", 1 << 20), "hidden_size must be a whole number from 1 to 65536");
  EXPECT_EQ(error_with("use_parallel_residual", 1), "use_parallel_residual must be true or false");
  EXPECT_EQ(error_with("eos_token_id", 425), "eos_token_id must be a whole number from 0 to 424");
}

TEST(GptNeoxConfig, WeightsThatDoNotFitAreNamed) {
  EXPECT_EQ(ModelFolder("pythia").load_error(), "no error");
  EXPECT_NE(error_with("intermediate_size", 48).find("gpt_neox.layers.0.mlp.dense_h_to_4h.weight"),
            std::string::npos);
  EXPECT_NE(error_with("attention_bias", true, "neox_sequential").find("4 missing"), std::string::npos);
  EXPECT_NE(error_with("tie_word_embeddings", false, "neox_sequential").find("1 missing: embed_out.weight"),
            std::string::npos);
}

TEST(GptNeoxConfig, WhatFilesCarryAlong) {
  const ModelFolder folder("pythia");
  folder.change_weights([](json& header, std::string& data) {
    for (const char* name :
         {"0.attention.bias", "1.attention.masked_bias", "1.attention.rotary_emb.inv_freq"}) {
      const size_t begin = data.size();
      data.append(4, '\0');
      header[std::string("gpt_neox.layers.") + name] = {
          {"dtype", "F16"}, {"shape", {1, 2}}, {"data_offsets", {begin, data.size()}}};
    }
    header["lm_head.weight"] = header["embed_out.weight"];
    header.erase("embed_out.weight");
  });
  EXPECT_EQ(folder.load_error(), "no error");
}

TEST(GptNeoxConfig, IsToldWithoutReadingWeights) {
  const ModelFolder folder("pythia");
  folder.remove("model.safetensors");
  const LanguageModelInfo info = read_language_model_info(folder.path());
  EXPECT_EQ(info.network, "GPT-NeoX, 2 layers, width 32, vocabulary of 425");
  EXPECT_EQ(info.context_length, 48);
}

}  // namespace
}  // namespace kiloword
