// Times the texts of a label set through a text tower: each as a whole, and by their shared beginnings as
// label banks do it.
//
// usage: kiloword_label_bank_bench --model DIR --labels FILE [--labels-at-most N] [--texts-at-once N]
// [--threads N] [--repeat R]
// [--precision P]

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/clip/load_encoder.h"
#include "kiloword/labels/label_set.h"
#include "kiloword/model/image_text_encoder.h"
#include "options.h"
#include "timing.h"

namespace {

using kiloword::Embeddings;
using kiloword::bench::median;
using kiloword::bench::positive;
using kiloword::bench::seconds_of;

template <typename Encode>
double time_of(const std::vector<std::string>& texts, size_t chunk, Embeddings& all, const Encode& encode) {
  all = {};
  return seconds_of([&] {
    for (size_t first = 0; first < texts.size(); first += chunk) {
      const auto begin = texts.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = texts.begin() + static_cast<std::ptrdiff_t>(std::min(texts.size(), first + chunk));
      const Embeddings part = encode(std::vector<std::string>(begin, end));
      all.values.insert(all.values.end(), part.values.begin(), part.values.end());
      all.rows += part.rows;
      all.dim = part.dim;
    }
  });
}

double least_cosine(const Embeddings& a, const Embeddings& b) {
  double least = 1;
  for (int64_t row = 0; row < a.rows; ++row) {
    double cosine = 0;
    for (int64_t i = 0; i < a.dim; ++i) cosine += static_cast<double>(a.row(row)[i]) * b.row(row)[i];
    least = std::min(least, cosine);
  }
  return least;
}

void run(const std::map<std::string, std::string>& given) {
  kiloword::ComputeOptions compute;
  compute.device = "cpu";
  compute.precision = given.at("precision");
  compute.threads = positive(given.at("threads"));
  const auto encoder = load_image_text_encoder(given.at("model"), compute);
  const kiloword::LabelSet set = kiloword::load_label_set(given.at("labels"), "labels");
  std::vector<std::string> texts;
  size_t labels = 0;
  for (const kiloword::Label& label : set.labels) {
    if (labels == static_cast<size_t>(positive(given.at("labels-at-most")))) break;
    ++labels;
    for (std::string& text : label_prompts(set, label)) texts.push_back(std::move(text));
  }
  const auto chunk = static_cast<size_t>(positive(given.at("texts-at-once")));
  Embeddings whole;
  Embeddings shared;
  std::vector<double> whole_s;
  std::vector<double> shared_s;
  for (int i = 0; i < positive(given.at("repeat")); ++i) {
    whole_s.push_back(
        time_of(texts, texts.size(), whole, [&](const auto& part) { return encoder->encode_texts(part); }));
    const auto growing = encoder->growing_texts();
    shared_s.push_back(
        time_of(texts, chunk, shared, [&](const auto& part) { return growing->encode(part); }));
  }
  const auto count = static_cast<double>(labels);
  std::printf(
      "%zu labels, %zu texts, %s: each text %.0f labels/s, shared beginnings %.0f labels/s, %.2f times\n",
      labels, texts.size(), given.at("precision").c_str(), count / median(whole_s), count / median(shared_s),
      median(whole_s) / median(shared_s));
  std::printf("least cosine of the two: %.7f\n", least_cosine(whole, shared));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(kiloword::bench::read_options(argc, argv,
                                      "kiloword_label_bank_bench --model DIR --labels FILE [--labels-at-most "
                                      "N] [--texts-at-once N] [--threads N] [--repeat R] "
                                      "[--precision fp32|bf16|int8]",
                                      {{"model", ""},
                                       {"labels", ""},
                                       {"labels-at-most", "100000"},
                                       {"texts-at-once", "256"},
                                       {"threads", kiloword::bench::all_threads()},
                                       {"repeat", "3"},
                                       {"precision", "fp32"}}));
  } catch (const kiloword::Error& error) {
    std::fprintf(stderr, "kiloword_label_bank_bench: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
