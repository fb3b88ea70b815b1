// Times a model's image tower on demand, for comparisons with other programs. Answers every line
// "COUNT WORKERS" on standard input with one line of JSON: seconds and processor seconds for COUNT pictures,
// shared out among WORKERS threads which have the cores in equal parts, and the first embedding.
//
// usage: kiloword_image_worker --model DIR [--threads N] [--precision fp32|bf16|int8]

#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/clip/load_encoder.h"
#include "kiloword/model/image_text_encoder.h"
#include "options.h"
#include "timing.h"

namespace {

using kiloword::Embeddings;
using kiloword::ImageTextEncoder;

/// As worker_pixels() of workers.py makes them.
std::vector<float> pictures(const ImageTextEncoder& encoder, int64_t count) {
  const int64_t side = encoder.preprocess().size_px;
  std::vector<float> values(static_cast<size_t>(count * 3 * side * side));
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 1009) / 504.0F - 1.0F;
  return values;
}

/// The first embedding of the first worker.
Embeddings encode(ImageTextEncoder& encoder, const std::vector<std::vector<float>>& parts, int64_t count) {
  std::vector<Embeddings> results(parts.size());
  std::vector<std::thread> others;
  others.reserve(parts.size());
  for (size_t i = 1; i < parts.size(); ++i) {
    others.emplace_back([&, i] { results[i] = encoder.encode_images(parts[i], count); });
  }
  results[0] = encoder.encode_images(parts[0], count);
  for (std::thread& other : others) other.join();
  return results[0];
}

void answer(ImageTextEncoder& encoder, int threads, int64_t count, int workers) {
  const std::vector<std::vector<float>> parts(static_cast<size_t>(workers),
                                              pictures(encoder, count / workers));
  encoder.use_threads(threads / workers);
  Embeddings embeddings;
  const std::clock_t cpu_start = std::clock();
  const double seconds =
      kiloword::bench::seconds_of([&] { embeddings = encode(encoder, parts, count / workers); });
  const double cpu_seconds = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  std::printf("{\"seconds\": %.6f, \"cpu_seconds\": %.6f, \"embedding\": [", seconds, cpu_seconds);
  for (int64_t d = 0; d < embeddings.dim; ++d) std::printf("%s%.7f", d > 0 ? ", " : "", embeddings.row(0)[d]);
  std::printf("]}\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto given = kiloword::bench::read_options(
        argc, argv, "kiloword_image_worker --model DIR [--threads N] [--precision fp32|bf16|int8]",
        {{"model", ""}, {"threads", kiloword::bench::all_threads()}, {"precision", "fp32"}});
    kiloword::ComputeOptions compute;
    compute.device = "cpu";
    compute.precision = given.at("precision");
    compute.threads = kiloword::bench::positive(given.at("threads"));
    const auto encoder = load_image_text_encoder(given.at("model"), compute);
    std::printf("{\"ready\": true}\n");
    std::fflush(stdout);
    int64_t count = 0;
    int workers = 0;
    while (std::cin >> count >> workers) answer(*encoder, compute.threads, count, workers);
  } catch (const kiloword::Error& error) {
    std::fprintf(stderr, "kiloword_image_worker: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
