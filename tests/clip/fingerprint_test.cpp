#include <gtest/gtest.h>

#include "clip/model_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;

std::string fingerprint(const ModelFolder& model, const std::string& precision = "fp32") {
  return model.load(precision)->text_fingerprint();
}

/// Replaces the first byte of the tensor called `name` in the model's file, 0 to 255 by another one.
void change_tensor(const ModelFolder& model, const std::string& name) {
  std::string bytes = model.read("model.safetensors");
  const auto length = static_cast<size_t>(static_cast<unsigned char>(bytes[0])) |
                      static_cast<size_t>(static_cast<unsigned char>(bytes[1])) << 8;
  const json header = json::parse(bytes.substr(8, length));
  bytes[8 + length + header[name]["data_offsets"][0].get<size_t>()] ^= 1;
  model.write("model.safetensors", bytes);
}

TEST(TextFingerprint, StaysForTheSameModelAndAnotherImageTower) {
  const ModelFolder model("vit");
  const std::string first = fingerprint(model);
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(fingerprint(ModelFolder("vit")), first);
  EXPECT_EQ(model.load("fp32", 1)->text_fingerprint(), first);
  change_tensor(model, "visual.proj");
  EXPECT_EQ(fingerprint(model), first);
}

TEST(TextFingerprint, ChangesWithEverythingThatTextEmbeddingsDependOn) {
  const std::string first = fingerprint(ModelFolder("vit"));
  EXPECT_NE(fingerprint(ModelFolder("vit"), "bf16"), first);
  EXPECT_NE(fingerprint(ModelFolder("resnet")), first);
  for (const std::string name :
       {"token_embedding.weight", "transformer.resblocks.1.mlp.c_fc.bias", "ln_final.weight"}) {
    const ModelFolder model("vit");
    change_tensor(model, name);
    EXPECT_NE(fingerprint(model), first) << name;
  }
  {
    const ModelFolder model("vit");
    json config = model.config();
    config["text_config"]["hidden_act"] = "gelu";
    model.write_config(config);
    EXPECT_NE(fingerprint(model), first);
  }
  const ModelFolder model("vit");
  model.write("merges.txt", model.read("merges.txt") + "\n");
  EXPECT_NE(fingerprint(model), first);
}

std::string fingerprint_of_all(const ModelFolder& model, const std::string& precision = "fp32") {
  return model.load(precision)->fingerprint();
}

TEST(Fingerprint, StaysForTheSameModel) {
  const std::string first = fingerprint_of_all(ModelFolder("vit"));
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(fingerprint_of_all(ModelFolder("vit")), first);
  EXPECT_EQ(ModelFolder("vit").load("fp32", 1)->fingerprint(), first);
}

TEST(Fingerprint, ChangesWithEverythingThatEmbeddingsDependOn) {
  const std::string first = fingerprint_of_all(ModelFolder("vit"));
  EXPECT_NE(fingerprint_of_all(ModelFolder("vit"), "bf16"), first);
  EXPECT_NE(fingerprint_of_all(ModelFolder("resnet")), first);
  for (const std::string name : {"token_embedding.weight", "visual.proj", "visual.ln_pre.bias"}) {
    const ModelFolder model("vit");
    change_tensor(model, name);
    EXPECT_NE(fingerprint_of_all(model), first) << name;
  }
  {
    const ModelFolder model("vit");
    json config = model.config();
    config["vision_config"]["hidden_act"] = "gelu";
    model.write_config(config);
    EXPECT_NE(fingerprint_of_all(model), first);
  }
  const ModelFolder model("vit");
  model.write("preprocessor_config.json", R"({"size": 32, "crop_size": 32, "image_mean": [0.5, 0.5, 0.5]})");
  EXPECT_NE(fingerprint_of_all(model), first);
}

}  // namespace
}  // namespace kiloword
