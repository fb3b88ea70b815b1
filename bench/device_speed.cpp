#include "device_speed.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <cstdio>

#include "checked_networks.h"
#include "clip/model_files.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/lm/model_info.h"
#include "matrix_speed.h"
#include "timing.h"

namespace kiloword::bench {
namespace {

constexpr double kSeconds = 1.0;  // of each measurement, at least

/// Seconds of one call of `action`, which returns when its result is there.
double seconds_each(const std::function<void()>& action) {
  action();
  std::vector<double> seconds;
  for (double spent = 0; spent < kSeconds || seconds.size() < 3; spent += seconds.back())
    seconds.push_back(seconds_of(action));
  return median(seconds);
}

/// Multiplications and additions that one token takes in the matrix products of a transformer's layers.
double flop_of_layers(int64_t layers, int64_t width, int64_t hidden) {
  const auto c = static_cast<double>(width);
  return 2 * static_cast<double>(layers) * (4 * c * c + 2 * c * static_cast<double>(hidden));
}

/// Of one picture, attention included; 0 for networks of convolutions and pictures of unlike sizes.
double flop_of_image(const VisionConfig& vision) {
  if (vision.kind == VisionKind::kModifiedResNet || vision.kind == VisionKind::kFastVit ||
      vision.kind == VisionKind::kEfficientNetLite || vision.kind == VisionKind::kNaFlex) {
    return 0;
  }
  const int64_t grid = vision.image_size / vision.patch_size;
  const auto patches = static_cast<double>(grid * grid);
  const double tokens = patches + (vision.kind == VisionKind::kVisionTransformer ? 1 : 0);
  const auto width = static_cast<double>(vision.width);
  const auto patch = static_cast<double>(vision.patch_size);
  return tokens * flop_of_layers(vision.layers, vision.width, vision.hidden) +
         4 * static_cast<double>(vision.layers) * tokens * tokens * width +
         6 * patches * patch * patch * width;
}

/// Weights of a language model that every token is multiplied with: of all its matrices, that of token
/// embeddings counted as the last layer's, and without positions.
double weights_of_a_token(const std::filesystem::path& folder) {
  const auto vocabulary = read_language_model_info(folder).vocab_size;
  double weights = 0;
  double embedding = 0;
  int vocabularies = 0;
  const auto file = Checkpoint::open(find_weights(folder));
  for (const auto& [name, tensor] : file->tensors()) {
    if (tensor.shape.size() != 2 || name.find("wpe") != std::string::npos ||
        name.find("position") != std::string::npos)
      continue;
    const double size = static_cast<double>(tensor.shape[0]) * static_cast<double>(tensor.shape[1]);
    weights += size;
    if (tensor.shape[0] != vocabulary) continue;
    ++vocabularies;
    embedding = size;
  }
  return vocabularies > 1 ? weights - embedding : weights;
}

void print_rate(const char* what, double count, double seconds, double flop, const TimedDevice& on) {
  std::printf("  %s, %s: %.1f a second", what, on.precision.c_str(), count / seconds);
  if (flop > 0) {
    const double tflops = flop * count / seconds * 1e-12;
    std::printf(", %.2f TFLOP/s: %.1f %% of a matrix product's %.2f", tflops, 100 * tflops / on.tflops,
                on.tflops);
  }
  std::printf("\n");
}

}  // namespace

TimedDevice time_device(const std::string& device, const std::string& precision, int threads) {
  const c10::InferenceMode inference;
  if (device == "cpu" && precision == "fp32")
    return {device, precision, threads, matrix_gflops(threads) * 1e-3};
  const int64_t size = device == "cpu" ? 2048 : 8192;
  at::set_num_threads(threads);
  const at::TensorOptions options =
      at::TensorOptions(at::Device(device)).dtype(precision == "bf16" ? at::kBFloat16 : at::kFloat);
  const at::Tensor a = at::randn({size, size}, options);
  const at::Tensor b = at::randn({size, size}, options);
  const double seconds = seconds_each([&] { at::mm(a, b)[0][0].to(at::kFloat).item<float>(); });
  return {device, precision, threads, 2 * std::pow(static_cast<double>(size), 3) / seconds * 1e-12};
}

void print_speed(ImageTextEncoder& encoder, const std::filesystem::path& model, const TimedDevice& on) {
  const ClipConfig config = read_config(find_model_files(model));
  const std::vector<int64_t> batches =
      on.device == "cpu" ? std::vector<int64_t>{1, 8} : std::vector<int64_t>{1, 32, 256};
  for (const int64_t batch : batches) {
    const Pictures pictures = patterns(batch, encoder.preprocess());
    const std::string what = "images, " + std::to_string(batch) + " at once";
    print_rate(what.c_str(), static_cast<double>(batch),
               seconds_each([&] { encoder.encode_pictures(pictures.pixels, pictures.sizes); }),
               flop_of_image(config.vision), on);
  }
  const std::vector<std::string> texts = number_texts(on.device == "cpu" ? 64 : 1024, 12);
  int64_t tokens = 0;
  for (const std::string& text : texts) tokens += encoder.count_tokens(text);
  print_rate("tokens of texts", static_cast<double>(tokens),
             seconds_each([&] { encoder.encode_texts(texts); }),
             flop_of_layers(config.text.layers, config.text.width, config.text.hidden), on);
}

void print_speed(LanguageModel& model, const std::filesystem::path& folder, const TimedDevice& on) {
  constexpr int64_t kPromptTokens = 16;
  constexpr int64_t kBranches = 45;
  const double flop = 2 * weights_of_a_token(folder);
  const std::vector<int32_t> prompt(kPromptTokens, 1);
  for (const int64_t rows : {int64_t{1}, kBranches}) {
    const std::vector<int64_t> parents(static_cast<size_t>(rows), 0);
    const std::vector<int32_t> ids(static_cast<size_t>(rows), 2);
    std::vector<int64_t> all(parents);
    for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
    std::unique_ptr<LmSession> session = model.start(prompt);
    const double seconds = seconds_each([&] {
      if (session->length() + 1 >= model.context_length()) session = model.start(prompt);
      session->extend(session->rows() == rows ? all : parents, ids);
      session->logprobs(all);
    });
    print_rate(rows == 1 ? "tokens of one text" : "tokens of 45 texts", static_cast<double>(rows), seconds,
               flop, on);
  }
}

}  // namespace kiloword::bench
