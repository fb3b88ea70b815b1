#include <gtest/gtest.h>

#include "lm/model_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;

constexpr const char* kMisfit =
    ", MODEL/model.safetensors; use the config.json that belongs to these weights";

std::string error_without(const std::string& file) {
  const ModelFolder folder;
  folder.remove(file);
  return folder.load_error();
}

std::string error_with(const std::string& key, const json& value) {
  const ModelFolder folder;
  folder.configure(key, value);
  return folder.load_error();
}

TEST(HostileGpt2, MissingFiles) {
  EXPECT_EQ(error_without("config.json"), "no config.json, MODEL; use a model in Hugging Face layout");
  EXPECT_EQ(error_without("model.safetensors"),
            "no weights in the model folder, MODEL; it needs model.safetensors, pytorch_model.bin, "
            "open_clip_model.safetensors, or an index of such files");
  EXPECT_EQ(error_without("vocab.json"),
            "no tokenizer found, MODEL; expected tokenizer.model, spiece.model, sentencepiece.bpe.model, "
            "vocab.json with merges.txt, "
            "tokenizer.json, or "
            "bpe_simple_vocab_16e6.txt.gz");
  EXPECT_EQ(error_without("merges.txt"),
            "merges.txt is missing beside vocab.json, MODEL/merges.txt; download the tokenizer files again");
}

TEST(HostileGpt2, ModelsOfAnotherKind) {
  EXPECT_EQ(error_with("model_type", "clip"),
            "model_type is \"clip\", only gpt2, gpt_neox, llama, opt, qwen2 and qwen3 are supported, "
            "MODEL/config.json; use "
            "another model "
            "(docs/models.md lists what is supported)");
}

TEST(HostileGpt2, TensorsThatDoNotFit) {
  const ModelFolder folder;
  folder.change_weights([](json& header, std::string&) {
    header["extra"] = header["wpe.weight"];
    header.erase("wpe.weight");
    header["h.0.mlp.c_fc.weight"]["shape"] = {96, 24};
  });
  EXPECT_EQ(folder.load_error(),
            "tensors do not fit config.json (1 missing: wpe.weight; 1 unexpected: extra; 1 mis-shaped: "
            "h.0.mlp.c_fc.weight [96, 24] instead of [24, 96])" +
                std::string(kMisfit));
  EXPECT_EQ(error_with("n_positions", 64),
            "tensors do not fit config.json (1 mis-shaped: wpe.weight [32, 24] instead of [64, 24])" +
                std::string(kMisfit));
  const std::string deep = error_with("n_layer", 256);
  EXPECT_EQ(deep.substr(0, 46), "tensors do not fit config.json (3048 missing: ");
  EXPECT_NE(error_with("n_embd", 15999).find("mis-shaped"), std::string::npos);
}

TEST(HostileGpt2, AnotherVocabulary) {
  EXPECT_EQ(error_with("vocab_size", 50257),
            "the tokenizer has 257 entries, vocab_size in config.json is 50257, MODEL; use the tokenizer "
            "files that "
            "belong to this model");
}

TEST(HostileGpt2, BrokenWeights) {
  const ModelFolder folder;
  const std::string whole = folder.read("model.safetensors");
  folder.write("model.safetensors", whole.substr(0, whole.size() - 1));
  EXPECT_EQ(folder.load_error().substr(0, 30), "truncated checkpoint: tensor \"");
  folder.write("model.safetensors", "");
  EXPECT_EQ(folder.load_error(), "empty checkpoint, MODEL/model.safetensors; download the model again");
}

/// Writes the F16 with the bits 0xHHLL over the whole of a tensor.
void fill(const ModelFolder& folder, const std::string& name, char high, char low) {
  folder.change_weights([&](json& header, std::string& data) {
    const json& offsets = header[name]["data_offsets"];
    for (auto i = offsets[0].get<size_t>(); i < offsets[1].get<size_t>(); i += 2) {
      data[i] = low;
      data[i + 1] = high;
    }
  });
}

TEST(HostileGpt2, ValuesThatAreNotFinite) {
  const ModelFolder folder;
  fill(folder, "h.1.attn.c_attn.weight", '\x7E', '\x00');
  EXPECT_EQ(
      folder.load_error(),
      "tensor \"h.1.attn.c_attn.weight\" holds values that are not finite, MODEL/model.safetensors; download "
      "the model again");
}

TEST(HostileGpt2, HugeWeightsGiveFiniteResultsOrAnError) {
  const ModelFolder folder;
  for (const char* name :
       {"h.0.mlp.c_fc.weight", "h.0.mlp.c_proj.weight", "h.1.attn.c_attn.weight", "wte.weight"}) {
    fill(folder, name, '\x7B', '\xFF');  // the largest F16
  }
  const auto model = folder.load();
  const std::string error = testing::error_of(folder, [&] { model->start({1, 2, 3})->logprobs({0}); });
  EXPECT_TRUE(error == "no error" ||
              error == "model: the network's output is not finite, MODEL; download the model again")
      << error;
}

TEST(HostileGpt2, NoEndToken) {
  const ModelFolder folder;
  json vocabulary = json::parse(folder.read("vocab.json"));
  vocabulary.erase("<|endoftext|>");
  vocabulary["other"] = 256;
  folder.write("vocab.json", vocabulary.dump());
  json config = folder.config();
  config.erase("eos_token_id");
  folder.write("config.json", config.dump());
  EXPECT_EQ(
      folder.load_error(),
      "neither the tokenizer nor eos_token_id names the end token, MODEL; add eos_token_id to config.json");
}

}  // namespace
}  // namespace kiloword
