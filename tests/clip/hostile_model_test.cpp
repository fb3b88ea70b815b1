#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <optional>

#include "clip/model_folder.h"
#include "kiloword/base/error.h"
#include "kiloword/clip/load_encoder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;

constexpr const char* kMisfit =
    ", MODEL/model.safetensors; use the config.json that belongs to these weights";

/// The error for the small vision transformer with `value` at `pointer` of its config.json.
std::string error_with(const std::string& pointer, const json& value) {
  const ModelFolder model("vit");
  json config = model.config();
  config[json::json_pointer(pointer)] = value;
  model.write_config(config);
  return model.load_error();
}

std::string error_without(const std::string& file) {
  const ModelFolder model("vit");
  model.remove(file);
  return model.load_error();
}

/// Changes the model's checkpoint: `change` gets its header and data.
template <typename Change>
void change_weights(const ModelFolder& model, const Change& change) {
  const std::string bytes = model.read("model.safetensors");
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  json header = json::parse(bytes.substr(8, length));
  std::string data = bytes.substr(8 + length);
  change(header, data);
  const std::string text = header.dump();
  length = text.size();
  std::string changed(sizeof length, '\0');
  std::memcpy(changed.data(), &length, sizeof length);
  model.write("model.safetensors", changed + text + data);
}

template <typename Change>
std::string error_after(const Change& change) {
  const ModelFolder model("vit");
  change_weights(model, change);
  return model.load_error();
}

/// A change that makes the first value of a tensor of F16 not a number.
auto nan_in(const std::string& name) {
  return [name](const json& header, std::string& data) {
    const auto begin = header[name]["data_offsets"][0].get<size_t>();
    data[begin] = '\x00';
    data[begin + 1] = '\x7E';
  };
}

TEST(HostileModel, MissingFiles) {
  EXPECT_EQ(error_without("config.json"),
            "checkpoint has a width that is not a multiple of 64, MODEL/model.safetensors; put the model's "
            "config.json "
            "or open_clip_config.json beside it, or use a CLIP model");
  EXPECT_EQ(error_without("model.safetensors"),
            "no weights in the model folder, MODEL; it needs model.safetensors, pytorch_model.bin, "
            "open_clip_model.safetensors, or an index of such files");
  const auto error_of_path = [](const std::string& path) -> std::string {
    try {
      load_image_text_encoder(path, {});
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kModel);
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of_path("/nonexistent/model"), "no such model folder, /nonexistent/model; check --model");
  EXPECT_EQ(error_of_path("/dev/null"),
            "not a model folder, /dev/null; name the folder that holds config.json");
}

TEST(HostileModel, WeightsThatAreNoFile) {
  const ModelFolder model("vit");
  model.remove("model.safetensors");
  std::filesystem::create_directory(model.path() / "model.safetensors");
  EXPECT_EQ(model.load_error(), "is a directory, MODEL/model.safetensors");
}

TEST(HostileModel, BrokenWeights) {
  const ModelFolder model("vit");
  const std::string whole = model.read("model.safetensors");
  model.write("model.safetensors", "");
  EXPECT_EQ(model.load_error(), "empty checkpoint, MODEL/model.safetensors; download the model again");
  model.write("model.safetensors", whole.substr(0, whole.size() - 1));
  const std::string error = model.load_error();
  EXPECT_EQ(error.substr(0, 30), "truncated checkpoint: tensor \"");
  model.write("model.safetensors", whole.substr(0, 5));
  EXPECT_EQ(model.load_error(),
            "truncated checkpoint: no header length, MODEL/model.safetensors; download the model again");
  model.write("model.safetensors", "PK\x03\x04" + whole);
  EXPECT_EQ(model.load_error(),
            "truncated zip archive: it has no directory, MODEL/model.safetensors; download the model again");
}

TEST(HostileModel, ABiasOfClipIsReadAsItsLibraryDoes) {
  const auto add_bias = [](json& header, std::string& data) {
    const float bias = -10;
    header["logit_bias"] = {{"dtype", "F32"},
                            {"shape", json::array()},
                            {"data_offsets", {data.size(), data.size() + sizeof bias}}};
    data.append(reinterpret_cast<const char*>(&bias), sizeof bias);
  };
  const ModelFolder open_clip("vit");  // OpenCLIP's names
  change_weights(open_clip, add_bias);
  EXPECT_EQ(open_clip.load()->logit_bias(), std::optional<float>(-10.0F));
  const ModelFolder transformers(
      "metaclip2", std::filesystem::path(KILOWORD_TESTS_DIR) / "tokenizer" / "data" / "tiny_xlm");
  change_weights(transformers, add_bias);
  EXPECT_EQ(transformers.load()->logit_bias(), std::nullopt);
}

TEST(HostileModel, TensorsThatDoNotFit) {
  EXPECT_EQ(
      error_after([](json& header, std::string&) {
        header["extra"] = header["logit_scale"];
        header.erase("logit_scale");
      }),
      "tensors do not fit config.json (1 missing: logit_scale; 1 unexpected: extra)" + std::string(kMisfit));
  EXPECT_EQ(error_after([](json& header, std::string&) {
              header["visual.proj"]["shape"] = {16, 24};
            }),
            "tensors do not fit config.json (1 mis-shaped: visual.proj [16, 24] instead of [24, 16])" +
                std::string(kMisfit));
  EXPECT_EQ(error_with("/projection_dim", 17),
            "tensors do not fit config.json (2 mis-shaped: visual.proj [24, 16] instead of [24, 17], "
            "text_projection "
            "[24, 16] instead of [24, 17])" +
                std::string(kMisfit));
  EXPECT_EQ(error_with("/text_config/num_hidden_layers", 1),
            "tensors do not fit config.json (12 unexpected: transformer.resblocks.1.attn.in_proj_bias, "
            "transformer.resblocks.1.attn.in_proj_weight, transformer.resblocks.1.attn.out_proj.bias, "
            "transformer.resblocks.1.attn.out_proj.weight, transformer.resblocks.1.ln_1.bias, "
            "transformer.resblocks.1.ln_1.weight, transformer.resblocks.1.ln_2.bias, "
            "transformer.resblocks.1.ln_2.weight and 4 more)" +
                std::string(kMisfit));
}

TEST(HostileModel, HugeConfigsCostNothing) {
  const std::string error = error_with("/vision_config/num_hidden_layers", 256);
  EXPECT_EQ(error.substr(0, 46), "tensors do not fit config.json (3048 missing: ");
  EXPECT_NE(error_with("/vision_config/hidden_size", 16383).find("mis-shaped"), std::string::npos);
}

TEST(HostileModel, ValuesThatAreNotFinite) {
  EXPECT_EQ(error_after(nan_in("visual.proj")),
            "tensor \"visual.proj\" holds values that are not finite, MODEL/model.safetensors; download the "
            "model again");
}

/// The text tower is read when the first text is encoded.
TEST(HostileModel, ValuesOfTheTextTowerThatAreNotFinite) {
  const ModelFolder model("vit");
  change_weights(model, nan_in("text_projection"));
  EXPECT_EQ(model.load_error(), "no error");
  const std::unique_ptr<ImageTextEncoder> encoder = model.load();
  for (int i = 0; i < 2; ++i) {
    try {
      encoder->encode_texts({"a"});
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kModel);
      EXPECT_EQ(error.message(), "tensor \"text_projection\" holds values that are not finite");
    }
  }
}

TEST(HostileModel, TypesThatAreNoWeights) {
  EXPECT_EQ(
      error_after([](json& header, std::string&) { header["visual.proj"]["dtype"] = "I16"; }),
      "tensor \"visual.proj\" is I16, only F64, F32, F16 and BF16 are supported, MODEL/model.safetensors; "
      "convert the "
      "model to F16 or F32");
}

TEST(HostileModel, TensorsOfAnotherNetwork) {
  EXPECT_EQ(error_after([](json& header, std::string&) {
              json renamed = json::object();
              for (const auto& [name, entry] : header.items()) {
                if (name != "__metadata__") renamed["h." + name] = entry;
              }
              header = renamed;
            }),
            "not a CLIP checkpoint: its tensor names are none of Hugging Face's, OpenAI's and OpenCLIP's, "
            "MODEL/model.safetensors; "
            "use a CLIP model");
}

TEST(HostileModel, ConfigAtOddsWithOtherFiles) {
  EXPECT_EQ(error_with("/text_config/vocab_size", 49408),
            "the tokenizer has 514 entries, text_config.vocab_size in config.json is 49408, MODEL; use the "
            "tokenizer "
            "files that belong to this model");
  EXPECT_EQ(error_with("/vision_config/image_size", 64),
            "tensors do not fit config.json (1 mis-shaped: visual.positional_embedding [17, 24] instead of "
            "[65, 24])" +
                std::string(kMisfit));
  EXPECT_EQ(
      error_with("/text_config/eos_token_id", 514),
      "the end token has the id 514 in the settings, 513 in the tokenizer, MODEL; use the tokenizer files "
      "that belong to this model");
  EXPECT_EQ(error_with("/vision_config/patch_size", 0),
            "vision_config.patch_size must be a whole number from 1 to 32, MODEL/config.json; correct it or "
            "download "
            "the model again");
  const ModelFolder model("vit");
  model.write("preprocessor_config.json", R"({"crop_size": 224, "size": 224})");
  EXPECT_EQ(model.load_error(),
            "crop_size is 224, but the image_size of config.json is 32, MODEL/preprocessor_config.json; "
            "correct it or "
            "download the model again");
}

TEST(HostileModel, ResultsThatAreNotFinite) {
  const ModelFolder model("vit");
  std::string bytes = model.read("model.safetensors");
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  const json header = json::parse(bytes.substr(8, length));
  for (const char* name : {"visual.ln_post.weight", "visual.proj"}) {  // the largest F16 everywhere
    for (auto i = header[name]["data_offsets"][0].get<size_t>(); i < header[name]["data_offsets"][1];
         i += 2) {
      bytes[8 + length + i] = '\xFF';
      bytes[8 + length + i + 1] = '\x7B';
    }
  }
  model.write("model.safetensors", bytes);
  const auto encoder = model.load();
  const Embeddings embeddings = encoder->encode_images(testing::golden_pixels(0, 32), 1);
  for (const float value : embeddings.values) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace kiloword
