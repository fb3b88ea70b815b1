#include "lm/opt_config.h"

#include <gtest/gtest.h>

#include "kiloword/lm/model_info.h"
#include "lm/model_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;

using Ids = std::vector<int32_t>;

OptConfig read(const std::string& model, const json& changes) {
  const ModelFolder folder(model);
  for (const auto& [key, value] : changes.items()) folder.configure(key, value);
  return read_opt_config(folder.path() / "config.json");
}

std::string error_with(const std::string& key, const json& value, const std::string& model = "opt") {
  const ModelFolder folder(model);
  folder.configure(key, value);
  const std::string error = folder.load_error();
  return error.substr(0, error.find(", MODEL"));
}

TEST(OptConfig, ReadsBothOrders) {
  const OptConfig config = read("opt", {});
  EXPECT_TRUE(config.norms_first);
  EXPECT_TRUE(config.final_norm);
  EXPECT_TRUE(config.tied);
  EXPECT_EQ(config.token_width, 24);
  EXPECT_EQ(config.context_length, 48);
  EXPECT_EQ(config.activation, Activation::kRelu);
  EXPECT_EQ(config.bos_id, 2);
  EXPECT_EQ(config.eos_ids, Ids{2});
  EXPECT_FALSE(read("opt", {{"_remove_final_layer_norm", true}}).final_norm);
  EXPECT_EQ(read("opt", {{"word_embed_proj_dim", nullptr}}).token_width, 24);
  const OptConfig after = read("opt_post_norm", {});
  EXPECT_FALSE(after.norms_first);
  EXPECT_FALSE(after.final_norm);
  EXPECT_EQ(after.token_width, 16);
}

TEST(OptConfig, NamesWhatIsWrong) {
  EXPECT_EQ(error_with("num_attention_heads", 5),
            "num_attention_heads is 5, which does not divide the width 24");
  EXPECT_EQ(error_with("activation_function", "gelu_new"),
            "activation_function is \"gelu_new\", only relu and gelu are supported");
  EXPECT_EQ(error_with("layer_norm_elementwise_affine", false),
            "layer_norm_elementwise_affine is false, which is not supported");
  EXPECT_EQ(error_with("word_embed_proj_dim", 0),
            "word_embed_proj_dim must be a whole number from 1 to 65536");
  EXPECT_EQ(error_with("max_position_embeddings", 1 << 20),
            "max_position_embeddings must be a whole number from 2 to 65536");
}

TEST(OptConfig, WeightsThatDoNotFitAreNamed) {
  EXPECT_EQ(ModelFolder("opt").load_error(), "no error");
  EXPECT_EQ(error_with("max_position_embeddings", 64),
            "tensors do not fit config.json (1 mis-shaped: decoder.embed_positions.weight [50, 24] "
            "instead of [66, 24])");
  EXPECT_NE(error_with("do_layer_norm_before", true, "opt_post_norm").find("decoder.final_layer_norm.bias"),
            std::string::npos);
  EXPECT_NE(error_with("word_embed_proj_dim", 12).find("decoder.project_in.weight"), std::string::npos);
  EXPECT_NE(error_with("enable_bias", false).find("unexpected"), std::string::npos);
}

/// Files hold the decoder alone, or the output layer too, which is the token embedding once more.
TEST(OptConfig, NamesWithAndWithoutTheOutputLayer) {
  const auto expected = ModelFolder("opt").load()->start({2, 7})->logprobs({0});
  const ModelFolder alone("opt");
  alone.change_weights([](json& header, std::string&) {
    json renamed = json::object();
    for (const auto& [name, entry] : header.items()) {
      const std::string prefix = "model.";
      renamed[name.compare(0, prefix.size(), prefix) == 0 ? name.substr(prefix.size()) : name] = entry;
    }
    header = renamed;
  });
  EXPECT_EQ(alone.load()->start({2, 7})->logprobs({0}), expected);
  const ModelFolder whole("opt");
  whole.change_weights([](json& header, std::string& data) {
    const size_t begin = data.size();
    data.append(4, '\0');
    header["lm_head.weight"] = {{"dtype", "F16"}, {"shape", {1, 2}}, {"data_offsets", {begin, data.size()}}};
  });
  EXPECT_EQ(whole.load()->start({2, 7})->logprobs({0}), expected);
}

TEST(OptConfig, TheEndTokenStandsBeforeEveryText) {
  const ModelFolder folder("opt");
  EXPECT_EQ(folder.load()->encode_prompt(""), Ids{2});
  EXPECT_EQ(folder.load()->encode_prompt("a").front(), 2);
  EXPECT_TRUE(folder.load()->is_end(2));
  json settings = json::parse(folder.read("tokenizer_config.json"));
  settings.erase("bos_token");  // special_tokens_map.json has it too
  folder.write("tokenizer_config.json", settings.dump());
  EXPECT_EQ(folder.load()->encode_prompt("a").size(), 2U);
  settings["add_bos_token"] = false;
  folder.write("tokenizer_config.json", settings.dump());
  EXPECT_EQ(folder.load()->encode_prompt("a").size(), 1U);
  settings["add_bos_token"] = true;
  settings["bos_token"] = "<start>";
  folder.write("tokenizer_config.json", settings.dump());
  EXPECT_EQ(folder.load_error(),
            "vocabulary lacks the start token '<start>', MODEL/vocab.json; take the tokenizer files that "
            "belong to the model");
}

TEST(OptConfig, IsToldWithoutReadingWeights) {
  const ModelFolder folder("opt_post_norm");
  folder.remove("model.safetensors");
  const LanguageModelInfo info = read_language_model_info(folder.path());
  EXPECT_EQ(info.network, "OPT, 2 layers, width 24, vocabulary of 425");
  EXPECT_EQ(info.context_length, 48);
}

}  // namespace
}  // namespace kiloword
