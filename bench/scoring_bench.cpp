// What comparing an image with labels costs, for 100 to 1,000,000 labels, against encoding it on one core.
//
// usage: kiloword_scoring_bench --model DIR [--batch N] [--repeat R]
// Prints a line of tab-separated numbers for each count; bench/plot_label_cost.py draws them.

#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/clip/load_encoder.h"
#include "kiloword/decision/ranking.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/scoring/similarity.h"
#include "options.h"
#include "timing.h"

namespace {

using kiloword::Embeddings;

Embeddings random_unit_rows(int64_t rows, int64_t dim, std::mt19937& random) {
  std::normal_distribution<float> normal;
  Embeddings embeddings{rows, dim, std::vector<float>(static_cast<size_t>(rows * dim))};
  for (float& value : embeddings.values) value = normal(random);
  for (int64_t row = 0; row < rows; ++row) {
    kiloword::normalize_in_place(embeddings.values.data() + row * dim, dim);
  }
  return embeddings;
}

/// Cosines with all labels and the ranking, as a batch worker does it for the images of one call.
void score(const Embeddings& images, const Embeddings& labels, double logit_scale) {
  kiloword::RankOptions options;
  options.logits.scale = logit_scale;
  for (std::vector<float>& cosines : kiloword::cosines(images, labels)) {
    rank_statements({{std::move(cosines), {}}}, {kiloword::SelectionRules()}, options);
  }
}

int run(int argc, char** argv) {
  const auto given =
      kiloword::bench::read_options(argc, argv, "kiloword_scoring_bench --model DIR [--batch N] [--repeat R]",
                                    {{"model", ""}, {"batch", "8"}, {"repeat", "5"}});
  const int batch = kiloword::bench::positive(given.at("batch"));
  const int repeat = kiloword::bench::positive(given.at("repeat"));
  kiloword::ComputeOptions compute;
  compute.threads = 1;
  const auto encoder = kiloword::load_image_text_encoder(given.at("model"), compute);
  const auto side = static_cast<size_t>(encoder->preprocess().size_px);
  std::mt19937 random(1);
  std::vector<float> pixels(static_cast<size_t>(batch) * 3 * side * side);
  for (float& pixel : pixels) pixel = static_cast<float>(random() % 1000) / 500.0F - 1.0F;
  const Embeddings images = encoder->encode_images(pixels, batch);
  std::printf("labels\tscoring_ms\tencoding_ms\tpercent\n");
  for (const int64_t labels : {100, 1000, 10000, 100000, 1000000}) {
    const Embeddings embeddings = random_unit_rows(labels, encoder->embedding_dim(), random);
    std::vector<double> scoring;
    std::vector<double> encoding;
    for (int round = 0; round < repeat; ++round) {
      encoding.push_back(kiloword::bench::seconds_of([&] { encoder->encode_images(pixels, batch); }));
      scoring.push_back(
          kiloword::bench::seconds_of([&] { score(images, embeddings, encoder->logit_multiplier()); }));
    }
    const double score_ms = 1e3 * kiloword::bench::median(scoring) / batch;
    const double encode_ms = 1e3 * kiloword::bench::median(encoding) / batch;
    std::printf("%lld\t%.4f\t%.2f\t%.2f\n", static_cast<long long>(labels), score_ms, encode_ms,
                100 * score_ms / encode_ms);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const kiloword::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
