// The word head of a model: words for images beside their embeddings.

#include <gtest/gtest.h>

#include <cstring>

#include "clip/model_folder.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;

constexpr size_t kFeatures = 1280;

/// A word head of two words, of which features do not matter: only the biases 0 and 2 count.
std::string head_weights(size_t features = kFeatures) {
  const size_t weights = 2 * features * sizeof(float);
  const json header{
      {"words.weight", {{"dtype", "F32"}, {"shape", {2, features}}, {"data_offsets", {0, weights}}}},
      {"words.bias", {{"dtype", "F32"}, {"shape", {2}}, {"data_offsets", {weights, weights + 8}}}}};
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const auto length = static_cast<uint64_t>(text.size());
  std::string file(reinterpret_cast<const char*>(&length), sizeof length);
  file += text + std::string(weights, '\0');
  const float biases[] = {0, 2};  // NOLINT(modernize-avoid-c-arrays)
  file.append(reinterpret_cast<const char*>(biases), sizeof biases);
  return file;
}

TEST(WordHead, GivesProbabilitiesBesideEmbeddings) {
  const ModelFolder model("efficientnet");
  EXPECT_TRUE(model.load()->words().empty());
  model.write("words.txt", "dog\tanimal\nman\tperson\n");
  model.write("words.safetensors", head_weights());
  const auto encoder = model.load();
  ASSERT_EQ(encoder->words().size(), 2U);
  EXPECT_EQ(encoder->words()[1].word_class, "person");
  std::vector<float> pixels = testing::golden_pixels(0, encoder->preprocess().size_px);
  const Embeddings one = encoder->encode_images(pixels, 1);
  ASSERT_EQ(one.word_count, 2);
  EXPECT_NEAR(one.words[0], 0.5, 1e-6);
  EXPECT_NEAR(one.words[1], 0.880797, 1e-5);
  pixels.insert(pixels.end(), pixels.begin(), pixels.end());
  const Embeddings two = encoder->encode_images(pixels, 2);
  EXPECT_EQ(std::vector<float>(two.words.begin(), two.words.begin() + 2), one.words);
  EXPECT_TRUE(encoder->encode_texts({"a dog"}).words.empty());
}

TEST(WordHead, MustFitTheTower) {
  const ModelFolder model("efficientnet");
  model.write("words.txt", "dog\tanimal\nman\tperson\n");
  EXPECT_THROW(model.load(), Error);  // no weights
  model.write("words.safetensors", head_weights(3));
  EXPECT_THROW(model.load(), Error);
  model.write("words.safetensors", head_weights());
  model.write("words.txt", "dog\tanimal\n");
  EXPECT_THROW(model.load(), Error);
}

}  // namespace
}  // namespace kiloword
