#include "lm/llama_config.h"

#include <gtest/gtest.h>

#include "kiloword/lm/model_info.h"
#include "lm/model_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;

LlamaConfig read(const std::string& model, const json& changes) {
  const ModelFolder folder(model);
  for (const auto& [key, value] : changes.items()) folder.configure(key, value);
  return read_llama_config(folder.path() / "config.json");
}

std::string error_with(const std::string& key, const json& value, const std::string& model = "llama3") {
  const ModelFolder folder(model);
  folder.configure(key, value);
  const std::string error = folder.load_error();
  return error.substr(0, error.find(", MODEL"));
}

TEST(LlamaConfig, ReadsEachFamily) {
  const LlamaConfig llama = read("llama3", {});
  EXPECT_EQ(llama.heads, 6);
  EXPECT_EQ(llama.key_heads, 2);
  EXPECT_EQ(llama.head_dim, 8);
  EXPECT_EQ(llama.rotary.base, 500000);
  EXPECT_EQ(llama.rotary.stretch.factor, 8);
  EXPECT_EQ(llama.rotary.stretch.original_context, 16);
  EXPECT_FALSE(llama.qkv_bias);
  EXPECT_TRUE(read("qwen2", {}).qkv_bias);
  EXPECT_FALSE(read("qwen2", {}).out_bias);
  EXPECT_TRUE(read("qwen3", {}).head_norms);
  EXPECT_TRUE(read("smollm", {}).hidden_bias);
  const LlamaConfig plain =
      read("qwen2", {{"head_dim", nullptr}, {"num_key_value_heads", 3}, {"eos_token_id", {1, 2}}});
  EXPECT_EQ(plain.head_dim, 4);
  EXPECT_EQ(plain.eos_ids, (std::vector<int32_t>{1, 2}));
}

TEST(LlamaConfig, ReadsWhatEarlierVersionsWrite) {
  const json changes{{"rope_parameters", nullptr},
                     {"rope_theta", 250000.0},
                     {"rope_scaling", {{"type", "linear"}, {"factor", 2.0}}}};
  const LlamaConfig config = read("llama3", changes);
  EXPECT_EQ(config.rotary.base, 250000);
  EXPECT_EQ(config.rotary.linear_stretch, 2);
  EXPECT_EQ(config.rotary.stretch.factor, 1);
}

TEST(LlamaConfig, NamesWhatIsWrong) {
  EXPECT_EQ(error_with("num_key_value_heads", 4),
            "num_key_value_heads is 4, which does not divide the 6 heads");
  EXPECT_EQ(error_with("head_dim", 7), "head_dim is odd, rotary positions turn pairs");
  EXPECT_EQ(error_with("hidden_act", "gelu"), "hidden_act is \"gelu\", only silu is supported");
  EXPECT_EQ(error_with("use_sliding_window", true, "qwen2"),
            "use_sliding_window is true, which is not supported");
  EXPECT_EQ(error_with("rope_parameters", {{"rope_type", "yarn"}, {"factor", 4.0}}),
            "rope_parameters.rope_type is \"yarn\", only default, linear and llama3 are supported");
  EXPECT_EQ(error_with("rope_parameters", {{"partial_rotary_factor", 0.5}}),
            "rope_parameters.partial_rotary_factor is not 1, which is not supported");
  EXPECT_EQ(error_with("hidden_size", 1 << 20), "hidden_size must be a whole number from 1 to 65536");
  EXPECT_EQ(error_with("rms_norm_eps", 0), "rms_norm_eps must be a number from 1e-12 to 0.1");
  EXPECT_EQ(error_with("model_type", "mistral"),
            "model_type is \"mistral\", only gpt2, gpt_neox, llama, opt, qwen2 and qwen3 are supported");
}

TEST(LlamaConfig, WeightsThatDoNotFitAreNamed) {
  EXPECT_NE(ModelFolder("qwen2").load_error().find("no error"), std::string::npos);
  EXPECT_NE(error_with("intermediate_size", 48).find("model.layers.0.mlp.gate_proj.weight"),
            std::string::npos);
  EXPECT_NE(error_with("num_hidden_layers", 3).find("model.layers.2"), std::string::npos);
}

TEST(LlamaConfig, IsToldWithoutReadingWeights) {
  const ModelFolder folder("qwen3");
  folder.remove("model.safetensors");
  const LanguageModelInfo info = read_language_model_info(folder.path());
  EXPECT_EQ(info.network, "Qwen3, 2 layers, width 24, vocabulary of 420");
  EXPECT_EQ(info.context_length, 48);
}

}  // namespace
}  // namespace kiloword
