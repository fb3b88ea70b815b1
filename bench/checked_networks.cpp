#include "checked_networks.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "clip/model_files.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/clip/load_encoder.h"
#include "kiloword/lm/load_language_model.h"
#include "kiloword/lm/model_info.h"
#include "number_tokenizer.h"

namespace kiloword::bench {
namespace {

/// Numbers as texts, which the token `end_id` ends, or the last one where the settings name none.
TokenizerLoader numbers(int64_t vocab_size, int32_t end_id = -1) {
  return [=](const std::filesystem::path& /*folder*/, TextCleaning /*cleaning*/) {
    return end_id < 0 ? std::make_unique<NumberTokenizer>(vocab_size)
                      : std::make_unique<NumberTokenizer>(vocab_size, end_id);
  };
}

/// The id 2 stands for the highest one in early files (TextConfig::eos_id).
int32_t end_of(const TextConfig& text) {
  constexpr int32_t kLegacyEnd = 2;
  return text.eos_id == kLegacyEnd ? -1 : text.eos_id;
}

void append(Embeddings& to, const Embeddings& more) {
  to.rows += more.rows;
  to.dim = more.dim;
  to.values.insert(to.values.end(), more.values.begin(), more.values.end());
}

/// Texts that grow from three prompts: each step tries four next tokens on each and goes on with one of them.
Embeddings grow(ImageTextEncoder& encoder) {
  constexpr int kSteps = 4;
  constexpr int kCandidates = 4;
  std::vector<std::string> beams{"11 5", "11 5 17", "7"};
  const std::unique_ptr<IncrementalTextEncoder> growing = encoder.growing_texts();
  Embeddings all;
  for (int step = 0; step < kSteps; ++step) {
    std::vector<std::string> texts;
    for (const std::string& beam : beams) {
      for (int candidate = 0; candidate < kCandidates; ++candidate)
        texts.push_back(beam + " " + std::to_string(37 * step + 13 * candidate + 3));
    }
    append(all, growing->encode(texts));
    beams = {texts[1], texts[2], texts[9]};
  }
  return all;
}

/// Square, or of another shape each time, where they are cut into patches.
PictureSize size_of(int64_t image, const PreprocessSpec& preprocess) {
  if (preprocess.mode != ResizeMode::kPatches) return {preprocess.size_px, preprocess.size_px};
  const auto side = static_cast<int>(std::sqrt(preprocess.max_patches));
  const int rows = 1 + static_cast<int>(image * 5) % side;
  return {preprocess.patch_px * (preprocess.max_patches / rows), preprocess.patch_px * rows};
}

Embeddings centred(std::vector<float> values, int64_t rows) {
  Embeddings result{rows, static_cast<int64_t>(values.size()) / rows, std::move(values)};
  for (int64_t row = 0; row < rows; ++row) {
    float* begin = result.values.data() + row * result.dim;
    const float mean = std::accumulate(begin, begin + result.dim, 0.0F) / static_cast<float>(result.dim);
    for (int64_t i = 0; i < result.dim; ++i) begin[i] -= mean;
  }
  return result;
}

/// A caption decoder's logits for texts about `image` that branch, less their mean.
Embeddings write(DescriptionModel& writer, const float* image) {
  const std::unique_ptr<DescriptionSession> session = writer.start(image);
  const auto look = [&] {
    return centred(session->logits(), static_cast<int64_t>(session->logits().size()) / writer.vocab_size());
  };
  Embeddings all = look();
  session->extend({0, 0, 0, 0}, {8, 9, 7, 9});
  append(all, look());
  session->extend({3, 1, 1, 0, 2}, {3, 2, 3, 8, 4});
  append(all, look());
  return all;
}

}  // namespace

std::unique_ptr<ImageTextEncoder> load_encoder(const std::filesystem::path& model,
                                               const ComputeOptions& options) {
  const ClipConfig config = read_config(find_model_files(model));
  return load_image_text_encoder(model, options, numbers(config.text.vocab_size, end_of(config.text)));
}

std::unique_ptr<LanguageModel> load_lm(const std::filesystem::path& folder, const ComputeOptions& options) {
  return load_language_model(folder, options, numbers(read_language_model_info(folder).vocab_size));
}

Pictures patterns(int64_t count, const PreprocessSpec& preprocess) {
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same pictures on every device
  const auto draw = [&random](float low, float high) {
    return low + (high - low) * static_cast<float>(random() % 10007) / 10006.0F;
  };
  Pictures pictures;
  for (int64_t image = 0; image < count; ++image) {
    const PictureSize size = size_of(image, preprocess);
    pictures.sizes.push_back(size);
    for (size_t channel = 0; channel < 3; ++channel) {  // each has a pattern of its own
      const float base = draw(0.25F, 0.75F);            // in levels of 0 to 1
      const float x_waves = draw(0.0F, 20.0F) / static_cast<float>(size.width);
      const float y_waves = draw(0.0F, 20.0F) / static_cast<float>(size.height);
      const float phase = draw(0.0F, 6.0F);
      const float unit = 255.0F / preprocess.level_range;
      for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
          const float wave =
              std::sin(x_waves * static_cast<float>(x) + y_waves * static_cast<float>(y) + phase);
          pictures.pixels.push_back(((base + wave / 4) * unit - preprocess.mean[channel]) /
                                    preprocess.std[channel]);
        }
      }
    }
  }
  return pictures;
}

std::vector<std::string> number_texts(int64_t count, int most) {
  std::vector<std::string> texts;
  for (int64_t text = 0; text < count; ++text) {
    std::string words;
    for (int64_t i = 0; i < 1 + text * 7 % most; ++i)
      words += std::to_string((text + 1) * 7919 + i * 104729) + " ";
    texts.push_back(std::move(words));
  }
  return texts;
}

std::vector<NamedRows> results_of(ImageTextEncoder& encoder) {
  constexpr int64_t kImages = 37;
  constexpr int64_t kTexts = 40;
  DescriptionModel* writer = encoder.description_model();
  const Pictures pictures = patterns(kImages, encoder.preprocess());
  Embeddings images = encoder.encode_pictures(pictures.pixels, pictures.sizes);
  std::vector<NamedRows> results;
  if (images.word_count > 0) results.push_back({"words", centred(std::move(images.words), images.rows)});
  if (writer != nullptr) results.push_back({"captions", write(*writer, images.findings.data())});
  results.push_back({"images", std::move(images)});
  results.push_back({"texts", encoder.encode_texts(number_texts(kTexts, encoder.context_length() - 2))});
  results.push_back({"growing texts", grow(encoder)});
  return results;
}

std::vector<NamedRows> results_of(LanguageModel& model) {
  const std::unique_ptr<LmSession> session = model.start({3, 1, 4, 1, 5, 9, 2, 6});
  NamedRows hidden{"hidden states", {}};
  NamedRows logprobs{"log-probabilities", {}};
  const auto look = [&] {
    append(hidden.rows, {session->rows(), model.width(), session->hidden()});
    std::vector<int64_t> rows(static_cast<size_t>(session->rows()));
    std::iota(rows.begin(), rows.end(), int64_t{0});
    append(logprobs.rows, centred(session->logprobs(rows), session->rows()));
  };
  look();
  session->extend({0, 0, 0, 0}, {8, 9, 7, 9});
  look();
  session->extend({3, 1, 1, 0, 2}, {3, 2, 3, 8, 4});
  look();
  session->extend({4, 4, 0}, {6, 2, 6});
  look();
  return {std::move(hidden), std::move(logprobs)};
}

}  // namespace kiloword::bench
