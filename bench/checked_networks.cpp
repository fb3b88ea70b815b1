#include "checked_networks.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "clip/model_files.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/clip/load_encoder.h"
#include "kiloword/lm/load_language_model.h"
#include "lm/gpt2_config.h"
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

Embeddings centred(std::vector<float> values, int64_t rows) {
  Embeddings result{rows, static_cast<int64_t>(values.size()) / rows, std::move(values)};
  for (int64_t row = 0; row < rows; ++row) {
    float* begin = result.values.data() + row * result.dim;
    const float mean = std::accumulate(begin, begin + result.dim, 0.0F) / static_cast<float>(result.dim);
    for (int64_t i = 0; i < result.dim; ++i) begin[i] -= mean;
  }
  return result;
}

}  // namespace

std::unique_ptr<ImageTextEncoder> load_encoder(const std::filesystem::path& model,
                                               const ComputeOptions& options) {
  const ClipConfig config = read_config(find_model_files(model));
  return load_image_text_encoder(model, options, numbers(config.text.vocab_size, end_of(config.text)));
}

std::unique_ptr<LanguageModel> load_lm(const std::filesystem::path& folder, const ComputeOptions& options) {
  const Gpt2Config config = read_gpt2_config(require_model_file(folder, "config.json"));
  return load_language_model(folder, options, numbers(config.vocab_size));
}

std::vector<float> patterns(int64_t count, int64_t side) {
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same pictures on every device
  const auto draw = [&random](float low, float high) {
    return low + (high - low) * static_cast<float>(random() % 10007) / 10006.0F;
  };
  std::vector<float> pixels;
  pixels.reserve(static_cast<size_t>(count * 3 * side * side));
  for (int64_t image = 0; image < count * 3; ++image) {  // each channel has a pattern of its own
    const float base = draw(-1.5F, 1.5F);
    const float x_waves = draw(0.0F, 20.0F) / static_cast<float>(side);
    const float y_waves = draw(0.0F, 20.0F) / static_cast<float>(side);
    const float phase = draw(0.0F, 6.0F);
    for (int64_t y = 0; y < side; ++y) {
      for (int64_t x = 0; x < side; ++x)
        pixels.push_back(base +
                         std::sin(x_waves * static_cast<float>(x) + y_waves * static_cast<float>(y) + phase));
    }
  }
  return pixels;
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
  return {{"images", encoder.encode_images(patterns(kImages, encoder.preprocess().size_px), kImages)},
          {"texts", encoder.encode_texts(number_texts(kTexts, encoder.context_length() - 2))},
          {"growing texts", grow(encoder)}};
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
