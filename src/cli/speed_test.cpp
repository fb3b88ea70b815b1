#include "cli/speed_test.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace kiloword::cli {
namespace {

constexpr double kSeconds = 2;  // for each of what is timed

/// How often a second `work` is done, `count` times a call. The first call does not count, unless it takes
/// all the time there is.
template <typename Work>
double rate_of(double count, Work work) {
  using Clock = std::chrono::steady_clock;
  const auto seconds_since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  const auto first = Clock::now();
  work();
  const double alone = seconds_since(first);
  if (alone >= kSeconds) return count / alone;
  double calls = 0;
  const auto start = Clock::now();
  double elapsed = 0;
  for (; elapsed < kSeconds; elapsed = seconds_since(start), ++calls) work();
  return calls * count / elapsed;
}

std::vector<float> pattern(const ImageTextEncoder& encoder, int64_t count) {
  const auto side = static_cast<size_t>(encoder.preprocess().size_px);
  std::vector<float> pixels(static_cast<size_t>(count) * 3 * side * side);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<float>(i % 1009) / 504.0F - 1.0F;
  return pixels;
}

std::vector<std::string> label_texts() {
  std::vector<std::string> texts;
  for (const char* frame : {"a photo of ", "a drawing of ", "the picture shows "}) {
    for (const char* thing :
         {"a dog", "two bicycles", "an old oak tree", "a fire engine", "a bunch of grapes"})
      texts.push_back(std::string(frame) + thing);
  }
  return texts;
}

}  // namespace

SpeedRecord time_encoder(ImageTextEncoder& encoder, const std::string& conditions) {
  constexpr int64_t kBatch = 8;
  SpeedRecord speed{conditions, {}};
  const double single = rate_of(1, [&, pixels = pattern(encoder, 1)] { encoder.encode_images(pixels, 1); });
  speed.rates.emplace_back("images one by one", single);
  if (single * kSeconds > kBatch) {
    speed.rates.emplace_back("images in batches", rate_of(kBatch, [&, pixels = pattern(encoder, kBatch)] {
                               encoder.encode_images(pixels, kBatch);
                             }));
  }
  const std::vector<std::string> texts = label_texts();
  speed.rates.emplace_back("label texts",
                           rate_of(static_cast<double>(texts.size()), [&] { encoder.encode_texts(texts); }));
  return speed;
}

SpeedRecord time_language_model(LanguageModel& model, const std::string& conditions) {
  const std::vector<int32_t> prompt = model.encode_prompt("A photo of");
  const auto room = model.context_length() - static_cast<int64_t>(prompt.size());
  const int64_t tokens = std::clamp<int64_t>(room, 1, 16);
  const double rate = rate_of(static_cast<double>(tokens), [&] {
    const auto session = model.start(prompt);
    for (int64_t i = 0; i < tokens; ++i) {
      const std::vector<float> logprobs = session->logprobs({0});
      const auto best = std::max_element(logprobs.begin(), logprobs.end()) - logprobs.begin();
      if (i + 1 < tokens) session->extend({0}, {static_cast<int32_t>(best)});
    }
  });
  return {conditions, {{"tokens of one text", rate}}};
}

}  // namespace kiloword::cli
