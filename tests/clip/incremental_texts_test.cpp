// Texts that grow, as a guided search makes them: computing only what is new must give what computing
// everything gives.

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "clip/model_folder.h"
#include "clip/prefix_text_encoder.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "nn/weights_file.h"

namespace kiloword {
namespace {

using testing::ModelFolder;

constexpr double kTolerance = 1e-5;

TEST(GrowingTexts, EqualWholeTexts) {
  for (const char* kind : {"vit", "resnet"}) {
    const auto encoder = ModelFolder(kind).load();
    const auto growing = encoder->growing_texts();
    const std::vector<std::string> next{"a", "b", " the", "th",       "",
                                        "0", ".", " A",   "\xc3\xa9", "z z z z z z z"};
    std::string prefix = "an image of";
    for (int step = 0; step < 8; ++step) {
      std::vector<std::string> texts;
      texts.reserve(next.size() + 1);
      for (const std::string& word : next) texts.push_back(prefix + word);
      texts.push_back(prefix.substr(0, prefix.size() / 2));  // a text that ends where others go on
      EXPECT_LE(testing::largest_difference(encoder->encode_texts(texts), growing->encode(texts)), kTolerance)
          << kind << ", step " << step;
      prefix += next[static_cast<size_t>(step * 3) % next.size()];
    }
    EXPECT_EQ(growing->encode({}).rows, 0);
    EXPECT_EQ(growing->encode({}).dim, encoder->embedding_dim());
  }
}

TEST(GrowingTexts, AreTheSameToTheBitInAnyCompany) {
  for (const char* kind : {"vit", "resnet"}) {
    const auto encoder = ModelFolder(kind).load();
    ASSERT_TRUE(encoder->texts_are_independent());
    const auto together = encoder->growing_texts();
    std::string prefix = "an image of";
    for (int step = 0; step < 4; ++step) {
      std::vector<std::string> texts;
      texts.reserve(120);
      for (int i = 0; i < 120; ++i) texts.push_back((i % 3 == 0 ? "a" : prefix) + " w" + std::to_string(i));
      const Embeddings all = together->encode(texts);
      for (const size_t i : {size_t{0}, size_t{7}, size_t{119}}) {
        const Embeddings alone = encoder->growing_texts()->encode({texts[i]});
        for (int64_t d = 0; d < all.dim; ++d) {
          ASSERT_EQ(all.row(static_cast<int64_t>(i))[d], alone.row(0)[d]) << kind << " " << texts[i];
        }
      }
      prefix = texts[static_cast<size_t>(40 + step)];
    }
  }
}

/// A text tower of CLIP's vocabulary and context with seeded random weights, small in all else.
class RandomTextTower {
 public:
  RandomTextTower() {
    at::manual_seed(11);
    config_.text.vocab_size = 49408;
    config_.text.context_length = 77;
    config_.text.width = 32;
    config_.text.heads = 2;
    config_.text.hidden = 64;
    config_.text.layers = 3;
    config_.projection_dim = 24;
    const TextTransformerNames names =
        text_transformer_names(Naming::kHuggingFace, ClipFamily::kClip, config_.text.layers);
    testing::NamedTensors tensors;
    const int64_t width = config_.text.width;
    tensors[names.tokens] = at::randn({config_.text.vocab_size, width});
    tensors[names.positions] = at::randn({config_.text.context_length, width}) * 0.3;
    tensors[names.projection] = at::randn({config_.projection_dim, width});
    add_norm(tensors, names.final_norm);
    for (const BlockNames& block : names.blocks) {
      add_norm(tensors, block.norm_1);
      add_norm(tensors, block.norm_2);
      for (const std::string& name : block.qkv_weights) tensors[name] = at::randn({width, width}) * 0.3;
      for (const std::string& name : block.qkv_biases) tensors[name] = at::randn({width}) * 0.1;
      add_linear(tensors, block.out, width, width);
      add_linear(tensors, block.hidden, config_.text.hidden, width);
      add_linear(tensors, block.hidden_out, width, config_.text.hidden);
    }
    weights_ = std::make_unique<testing::WeightsFile>(tensors);
    WeightLoader loader(weights_->file());
    tower_ = std::make_unique<TextTransformer>(loader, make_compute("cpu", "fp32", 0), config_, names);
    loader.load();
  }

  const TextTransformer& tower() const { return *tower_; }

 private:
  void add_norm(testing::NamedTensors& tensors, const std::string& name) const {
    tensors[name + ".weight"] = at::randn({config_.text.width}) * 0.2 + 1;
    tensors[name + ".bias"] = at::randn({config_.text.width}) * 0.2;
  }
  static void add_linear(testing::NamedTensors& tensors, const std::string& name, int64_t outputs,
                         int64_t inputs) {
    tensors[name + ".weight"] = at::randn({outputs, inputs}) * 0.3;
    tensors[name + ".bias"] = at::randn({outputs}) * 0.1;
  }

  ClipConfig config_;
  std::unique_ptr<testing::WeightsFile> weights_;
  std::unique_ptr<TextTransformer> tower_;
};

class GuidedSearch : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path shared = KILOWORD_SHARED_DIR;
    if (!std::filesystem::exists(shared / "tokenizers")) GTEST_SKIP() << shared << " is absent";
    clip_ = load_tokenizer(shared / "tokenizers" / "clip");
    gpt2_ = load_tokenizer(shared / "tokenizers" / "gpt2");
  }

  std::vector<int32_t> tokens_of(const std::string& text) const {
    return frame_tokens(clip_->encode(text), clip_->start_id(), clip_->end_id(), 77);
  }

  int32_t random_token() { return static_cast<int32_t>(random_() % 50256); }

  std::unique_ptr<Tokenizer> clip_;
  std::unique_ptr<Tokenizer> gpt2_;
  RandomTextTower model_;
  std::mt19937 random_{3};
};

at::Tensor unit(const at::Tensor& x) {
  return x / x.norm(2, {1}, true);
}

TEST_F(GuidedSearch, EveryCandidateEqualsItsFullEncoding) {
  const std::vector<std::string> prompts{"An image of ", "A photo of", "", "The QUICK brown fox's",
                                         "caf\xc3\xa9 \xe7\x8c\xab 3.14 ..."};
  for (const std::string& prompt : prompts) {
    PrefixTextEncoder prefixes(model_.tower());
    constexpr size_t kBeams = 3;
    std::vector<std::vector<int32_t>> beams(kBeams, gpt2_->encode(prompt));
    for (int step = 0; step < 14; ++step) {
      std::vector<std::vector<int32_t>> sequences;
      for (std::vector<int32_t>& beam : beams) {
        for (int candidate = 0; candidate < 40; ++candidate) {
          std::vector<int32_t> ids = beam;
          ids.push_back(random_token());
          sequences.push_back(tokens_of(gpt2_->decode(ids)));
          if (candidate == 39) beam = std::move(ids);
        }
      }
      if (step == 6) beams[0] = beams[1];  // as searches do
      const at::Tensor whole = unit(model_.tower()(sequences));
      const at::Tensor shared = unit(prefixes.encode(sequences));
      ASSERT_LE((whole - shared).abs().max().item<double>(), kTolerance) << prompt << ", step " << step;
    }
  }
}

TEST_F(GuidedSearch, LongTextsAreCutAlike) {
  PrefixTextEncoder prefixes(model_.tower());
  std::string text = "start";
  for (int step = 0; step < 30; ++step) {
    std::vector<std::vector<int32_t>> sequences;
    for (const char* word : {" one two three", " four", "five six"})
      sequences.push_back(tokens_of(text + word));
    const at::Tensor difference = unit(model_.tower()(sequences)) - unit(prefixes.encode(sequences));
    ASSERT_LE(difference.abs().max().item<double>(), kTolerance) << step;
    text += " one two three";
  }
}

TEST_F(GuidedSearch, OnlyNewTokensAreComputed) {
  PrefixTextEncoder prefixes(model_.tower());
  const std::vector<std::string> nouns{" dog", " cat", " horse", " DOG", " tree"};
  const auto texts = [&](const std::string& prefix) {
    std::vector<std::vector<int32_t>> sequences;
    sequences.reserve(nouns.size());
    for (const std::string& noun : nouns) sequences.push_back(tokens_of(prefix + noun));
    return sequences;
  };
  prefixes.encode(texts("a photo of a"));
  // start, a, photo, of, a; then four different nouns (CLIP does not tell DOG from dog) and their ends
  EXPECT_EQ(prefixes.nodes_computed(), 5 + 4 + 4);
  prefixes.encode(texts("a photo of a dog"));
  EXPECT_EQ(prefixes.nodes_computed(), 4 + 4);
  prefixes.encode(texts("a photo of a cat"));  // not on the path of the call before
  EXPECT_EQ(prefixes.nodes_computed(), 1 + 4 + 4);
}

}  // namespace
}  // namespace kiloword
