// Times a model's towers against the machine's own matrix-product speed, measured in turn with them.
//
// usage: kiloword_encoder_bench --model DIR [--batch N] [--threads N] [--repeat R] [--precision fp32|bf16]

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/clip/load_encoder.h"
#include "kiloword/model/image_text_encoder.h"
#include "matrix_speed.h"
#include "options.h"
#include "timing.h"

namespace {

using kiloword::ImageTextEncoder;
using kiloword::bench::median;
using kiloword::bench::seconds_of;

struct Options {
  std::string model;
  int64_t batch = 0;
  int threads = 0;
  int repeat = 0;
  std::string precision;
};

Options parse(int argc, char** argv) {
  const auto given = kiloword::bench::read_options(
      argc, argv,
      "kiloword_encoder_bench --model DIR [--batch N] [--threads N] [--repeat R] [--precision fp32|bf16]",
      {{"model", ""},
       {"batch", "32"},
       {"threads", kiloword::bench::all_threads()},
       {"repeat", "5"},
       {"precision", "fp32"}});
  Options options;
  options.model = given.at("model");
  options.batch = kiloword::bench::positive(given.at("batch"));
  options.threads = kiloword::bench::positive(given.at("threads"));
  options.repeat = kiloword::bench::positive(given.at("repeat"));
  options.precision = given.at("precision");
  return options;
}

/// Billions of multiply-adds, counted twice, in one picture's linear layers and attention; 0 for other towers
/// than the published vision transformers, told apart by side and width of the joint space.
double image_gflop(const ImageTextEncoder& encoder, const std::string& model) {
  const std::string config = [&] {
    std::ifstream file(model + "/config.json");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  const auto number = [&](const std::string& key) {
    const size_t vision = config.find("\"vision_config\"");
    const size_t at = vision == std::string::npos ? vision : config.find('"' + key + '"', vision);
    return at == std::string::npos ? 0.0 : std::atof(config.c_str() + config.find(':', at) + 1);
  };
  const double patch = number("patch_size");
  if (patch == 0) return 0;
  const double width = number("hidden_size");
  const double side = encoder.preprocess().size_px / patch;
  const double tokens = side * side + 1;
  const double layer =
      tokens * (4 * width * width + 2 * width * number("intermediate_size")) + 2 * tokens * tokens * width;
  return 2e-9 * (number("num_hidden_layers") * layer + side * side * 3 * patch * patch * width);
}

std::vector<std::string> label_texts() {
  const std::vector<std::string> things{"dog",    "fire engine",   "oak tree",   "teapot",
                                        "violin", "canoe",         "lighthouse", "bunch of grapes",
                                        "owl",    "sewing machine"};
  const std::vector<std::string> kinds{"small",   "old",    "red",   "wooden", "toy",
                                       "painted", "broken", "large", "blue",   "wet"};
  const std::vector<std::string> frames{
      "a photo of a ",  "art of the ", "a drawing of a ", "itap of a ",         "the ", "a picture of a ",
      "a sketch of a ", "one ",        "a good ",         "a bad photo of the "};
  std::vector<std::string> texts;
  for (const auto& frame : frames) {
    for (const auto& kind : kinds) {
      for (const auto& thing : things)
        texts.push_back(std::string(frame).append(kind).append(" ").append(thing));
    }
  }
  return texts;
}

void bench_images(ImageTextEncoder& encoder, const Options& options, int64_t batch, double gflop) {
  const int64_t values = 3 * int64_t{encoder.preprocess().size_px} * encoder.preprocess().size_px;
  std::vector<float> pixels(static_cast<size_t>(batch * values));
  for (size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<float>(i * 2654435761U % 1000) / 500.0F - 1.0F;
  encoder.encode_images(pixels, batch);
  std::vector<double> seconds;
  std::vector<double> matrix;
  for (int i = 0; i < options.repeat; ++i) {
    matrix.push_back(kiloword::bench::matrix_gflops(options.threads));
    seconds.push_back(seconds_of([&] { encoder.encode_images(pixels, batch); }));
  }
  const double time = median(seconds);
  std::printf("images, batch %lld: %.1f ms, %.1f images/s", static_cast<long long>(batch), 1e3 * time,
              static_cast<double>(batch) / time);
  if (gflop > 0) {
    const double speed = gflop * static_cast<double>(batch) / time;
    std::printf(", %.0f GFLOP/s of %.0f in a matrix product: %.0f %%", speed, median(matrix),
                100 * speed / median(matrix));
  }
  std::printf("\n");
}

void bench_texts(ImageTextEncoder& encoder, const Options& options) {
  const std::vector<std::string> texts = label_texts();
  int64_t tokens = 0;
  for (const std::string& text : texts) tokens += encoder.count_tokens(text);
  encoder.encode_texts({texts[0]});
  std::vector<double> seconds;
  seconds.reserve(static_cast<size_t>(options.repeat));
  for (int i = 0; i < options.repeat; ++i)
    seconds.push_back(seconds_of([&] { encoder.encode_texts(texts); }));
  std::printf("texts: %zu of %.1f tokens: %.0f ms, %.0f texts/s\n", texts.size(),
              static_cast<double>(tokens) / static_cast<double>(texts.size()), 1e3 * median(seconds),
              static_cast<double>(texts.size()) / median(seconds));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    kiloword::ComputeOptions compute;
    compute.device = "cpu";
    compute.precision = options.precision;
    compute.threads = options.threads;
    std::unique_ptr<ImageTextEncoder> encoder;
    const double load = seconds_of([&] { encoder = load_image_text_encoder(options.model, compute); });
    std::printf("load: %.0f ms; %d threads, %s\n", 1e3 * load, options.threads, options.precision.c_str());
    const double gflop = image_gflop(*encoder, options.model);
    kiloword::bench::matrix_gflops(options.threads);
    bench_images(*encoder, options, 1, gflop);
    bench_images(*encoder, options, options.batch, gflop);
    bench_texts(*encoder, options);
  } catch (const kiloword::Error& error) {
    std::fprintf(stderr, "kiloword_encoder_bench: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
