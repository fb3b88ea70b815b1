// Times a language model's steps against the machine's memory, measured in turn with them.
//
// usage: kiloword_lm_bench --model DIR [--threads N] [--repeat R] [--precision fp32|bf16]

#include <cstdio>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/lm/load_language_model.h"
#include "kiloword/model/language_model.h"
#include "memory_speed.h"
#include "options.h"
#include "timing.h"

namespace {

using kiloword::LanguageModel;
using kiloword::bench::median;
using kiloword::bench::seconds_of;

constexpr size_t kPromptTokens = 32;
constexpr size_t kCandidates = 45;  // MAGIC's (Su et al. 2022)

struct Options {
  std::string model;
  int threads = 0;
  int repeat = 0;
  std::string precision;
};

Options parse(int argc, char** argv) {
  const auto given = kiloword::bench::read_options(
      argc, argv, "kiloword_lm_bench --model DIR [--threads N] [--repeat R] [--precision fp32|bf16]",
      {{"model", ""}, {"threads", kiloword::bench::all_threads()}, {"repeat", "15"}, {"precision", "fp32"}});
  Options options;
  options.model = given.at("model");
  options.threads = kiloword::bench::positive(given.at("threads"));
  options.repeat = kiloword::bench::positive(given.at("repeat"));
  options.precision = given.at("precision");
  return options;
}

/// Bytes of weights that a step reads: every tensor but the table of positions.
double weight_bytes(const Options& options) {
  const auto checkpoint =
      kiloword::Checkpoint::open(std::filesystem::path(options.model) / "model.safetensors");
  const kiloword::Checkpoint& file = *checkpoint;
  double values = 0;
  for (const auto& [name, view] : file.tensors()) {
    double count = 1;
    for (const int64_t size : view.shape) count *= static_cast<double>(size);
    const std::string positions = "wpe.weight";
    const bool skipped = name.size() >= positions.size() &&
                         name.compare(name.size() - positions.size(), positions.size(), positions) == 0;
    if (!skipped) values += count;
  }
  return values * (options.precision == "fp32" ? 4 : 2);
}

void bench(LanguageModel& model, const Options& options) {
  std::vector<int32_t> prompt;
  for (size_t i = 0; i < kPromptTokens; ++i) {
    prompt.push_back(static_cast<int32_t>(static_cast<int64_t>(i) * 7919 % model.vocab_size()));
  }
  std::vector<int32_t> candidates;
  for (size_t i = 0; i < kCandidates; ++i) {
    candidates.push_back(static_cast<int32_t>(static_cast<int64_t>(i) * 104729 % model.vocab_size()));
  }
  std::vector<double> memory;
  std::vector<double> start;
  std::vector<double> step;
  std::vector<double> branch;
  for (int i = -1; i < options.repeat; ++i) {  // the first round warms up
    const double gigabytes = kiloword::bench::memory_gigabytes(options.threads);
    std::unique_ptr<kiloword::LmSession> session;
    const double start_s = seconds_of([&] { session = model.start(prompt); });
    const double step_s = seconds_of([&] {
      session->extend({0}, {prompt[0]});
      session->logprobs({0});
    });
    const double branch_s = seconds_of([&] {
      session->extend(std::vector<int64_t>(kCandidates, 0), candidates);
      session->logprobs({0});
    });
    if (i < 0) continue;
    memory.push_back(gigabytes);
    start.push_back(start_s);
    step.push_back(step_s);
    branch.push_back(branch_s);
  }
  const double bytes = weight_bytes(options);
  const double bound = bytes / (median(memory) * 1e9);
  std::printf("memory: %.1f GB/s\n", median(memory));
  std::printf("one token: %.1f ms for %.0f MB of weights, %.1f ms at the speed of memory: %.0f %%\n",
              1e3 * median(step), bytes * 1e-6, 1e3 * bound, 100 * bound / median(step));
  std::printf("prompt of %zu tokens: %.1f ms\n", kPromptTokens, 1e3 * median(start));
  std::printf("%zu candidates, one of them chosen: %.1f ms\n", kCandidates, 1e3 * median(branch));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    kiloword::ComputeOptions compute;
    compute.device = "cpu";
    compute.precision = options.precision;
    compute.threads = options.threads;
    std::unique_ptr<LanguageModel> model;
    const double load = seconds_of([&] { model = load_language_model(options.model, compute); });
    std::printf("load: %.0f ms; %d threads, %s\n", 1e3 * load, options.threads, options.precision.c_str());
    bench(*model, options);
  } catch (const kiloword::Error& error) {
    std::fprintf(stderr, "kiloword_lm_bench: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
