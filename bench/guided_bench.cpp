// Times one step of a guided search: encoding every candidate's whole text, padded to the longest of its
// batch, as the field's first demo did, against encoding only what is new. Same kernels, weights, prompt and
// candidates, in turn.
//
// usage: kiloword_guided_bench --model DIR --lm DIR [--candidates K] [--threads N] [--repeat R]

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "clip/config.h"
#include "clip/prefix_text_encoder.h"
#include "clip/tensor_names.h"
#include "clip/text_transformer.h"
#include "kiloword/base/error.h"
#include "kiloword/lm/load_language_model.h"
#include "kiloword/model/language_model.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "matrix_speed.h"
#include "options.h"
#include "timing.h"

namespace {

using namespace kiloword;  // NOLINT(google-build-using-namespace): a program, not a header

constexpr const char* kPrompt = "An image of ";
/// What the search has written: a caption's words, so that candidates meet texts of a usual length.
constexpr const char* kWritten =
    "a man in a red shirt and a young woman with a white hat sitting on a wooden bench in front of an old "
    "brick "
    "building near the beach";
constexpr size_t kDemoBatch = 100;
const std::vector<int> kSteps{4, 12, 24};

struct Options {
  std::string model;
  std::string lm;
  int candidates = 0;
  int threads = 0;
  int repeat = 0;
};

Options parse(int argc, char** argv) {
  const auto given = kiloword::bench::read_options(
      argc, argv, "kiloword_guided_bench --model DIR --lm DIR [--candidates K] [--threads N] [--repeat R]",
      {{"model", ""},
       {"lm", ""},
       {"candidates", "500"},
       {"threads", kiloword::bench::all_threads()},
       {"repeat", "5"}});
  Options options;
  options.model = given.at("model");
  options.lm = given.at("lm");
  options.candidates = kiloword::bench::positive(given.at("candidates"));
  options.threads = kiloword::bench::positive(given.at("threads"));
  options.repeat = kiloword::bench::positive(given.at("repeat"));
  return options;
}

/// A CLIP model's text tower without the rest, which is reached through no public header.
class TextTower {
 public:
  TextTower(const std::string& folder, const Compute& compute)
      : config_(read_clip_config(folder + "/config.json")), tokenizer_(load_tokenizer(folder)) {
    const auto file = Checkpoint::open(folder + "/model.safetensors");
    WeightLoader loader(file);
    tower_ = std::make_unique<TextTransformer>(
        loader, compute, config_,
        text_transformer_names(detect_naming(*file), config_.family, config_.text.layers));
    for (const auto& [name, view] : file->tensors()) {
      if (is_image_tensor(name) || name == "logit_scale") loader.ignore(name);
    }
    loader.load();
  }

  const TextTransformer& tower() const { return *tower_; }
  std::vector<int32_t> tokens_of(const std::string& text) const {
    return frame_tokens(tokenizer_->encode(text), tokenizer_->start_id(), tokenizer_->end_id(),
                        static_cast<int>(config_.text.context_length));
  }

  /// Billions of multiply-adds, counted twice, of `nodes` tokens of which `ends` go through the last layer;
  /// attention and projection, below 3 %, not counted.
  double gflop(int64_t nodes, int64_t ends) const {
    const double width = static_cast<double>(config_.text.width);
    const double feed_forward = 2 * width * static_cast<double>(config_.text.hidden);
    const double qkv = 3 * width * width;
    const double whole_layer = qkv + width * width + feed_forward;
    const double layers = static_cast<double>(config_.text.layers);
    return 2e-9 * (static_cast<double>(nodes) * ((layers - 1) * whole_layer + qkv) +
                   static_cast<double>(ends) * (whole_layer - qkv));
  }

 private:
  ClipConfig config_;
  std::unique_ptr<Tokenizer> tokenizer_;
  std::unique_ptr<TextTransformer> tower_;
};

using Sequences = std::vector<std::vector<int32_t>>;

/// The demo's way: batches in which every text is as long as the longest.
void encode_padded(const TextTower& model, const Sequences& sequences) {
  for (size_t begin = 0; begin < sequences.size(); begin += kDemoBatch) {
    Sequences batch(
        sequences.begin() + static_cast<std::ptrdiff_t>(begin),
        sequences.begin() + static_cast<std::ptrdiff_t>(std::min(begin + kDemoBatch, sequences.size())));
    size_t longest = 0;
    for (const auto& sequence : batch) longest = std::max(longest, sequence.size());
    for (auto& sequence : batch) sequence.resize(longest, sequence.back());
    model.tower()(batch);
  }
}

/// The texts of a step: what is written by then with each of the language model's likeliest next tokens.
struct Step {
  Sequences before;      // of the step before: what the search has in its cache
  Sequences candidates;  // of this step
  std::vector<std::string> texts;
  std::vector<int32_t> ids;  // written by then
};

Sequences tokenize(const TextTower& model, const std::vector<std::string>& texts) {
  Sequences sequences;
  for (const std::string& text : texts) sequences.push_back(model.tokens_of(text));
  return sequences;
}

std::vector<std::string> candidate_texts(LanguageModel& lm, const std::vector<int32_t>& ids, int candidates) {
  const std::vector<float> logprobs = lm.start(ids)->logprobs({0});
  std::vector<int32_t> order(logprobs.size());
  std::iota(order.begin(), order.end(), 0);
  std::partial_sort(order.begin(), order.begin() + candidates, order.end(), [&](int32_t a, int32_t b) {
    return logprobs[static_cast<size_t>(a)] > logprobs[static_cast<size_t>(b)];
  });
  std::vector<std::string> texts;
  for (int i = 0; i < candidates; ++i) {
    std::vector<int32_t> longer = ids;
    longer.push_back(order[static_cast<size_t>(i)]);
    texts.push_back(lm.tokenizer().decode(longer));
  }
  return texts;
}

Step make_step(const TextTower& model, LanguageModel& lm, int step, int candidates) {
  const std::vector<int32_t> written = lm.tokenizer().encode(kWritten);
  const auto prefix = [&](int count) {
    std::vector<int32_t> ids = lm.encode_prompt(kPrompt);
    ids.insert(ids.end(), written.begin(), written.begin() + count);
    return ids;
  };
  Step result;
  result.before = tokenize(model, candidate_texts(lm, prefix(step - 2), candidates));
  result.before.push_back(model.tokens_of(lm.tokenizer().decode(prefix(step - 1))));
  result.ids = prefix(step - 1);
  result.texts = candidate_texts(lm, result.ids, candidates);
  result.candidates = tokenize(model, result.texts);
  return result;
}

void bench_step(const TextTower& model, LanguageModel& lm, const Options& options, int number) {
  const Step step = make_step(model, lm, number, options.candidates);
  std::vector<double> whole;
  std::vector<double> shared;
  std::vector<double> tokenizing;
  std::vector<double> language_model;
  std::vector<double> matrix;
  int64_t nodes = 0;
  for (int i = 0; i < options.repeat; ++i) {
    matrix.push_back(bench::matrix_gflops(options.threads));
    PrefixTextEncoder prefixes(model.tower());
    prefixes.encode(step.before);
    shared.push_back(bench::seconds_of([&] { prefixes.encode(step.candidates); }));
    nodes = prefixes.nodes_computed();
    tokenizing.push_back(bench::seconds_of([&] { tokenize(model, step.texts); }));
    const auto fresh = lm.start({step.ids.begin(), step.ids.end() - 1});
    language_model.push_back(bench::seconds_of([&] {
      fresh->extend({0}, {step.ids.back()});
      fresh->logprobs({0});
    }));
    whole.push_back(bench::seconds_of([&] { encode_padded(model, step.candidates); }));
  }
  const double demo = bench::median(whole);
  const double ours = bench::median(shared);
  const double rest = bench::median(tokenizing) + bench::median(language_model);
  const double speed = model.gflop(nodes, static_cast<int64_t>(step.candidates.size())) / ours;
  std::printf(
      "step %d: whole texts %.0f ms, new tokens only %.0f ms (%lld tokens): %.1f times; with the language "
      "model's "
      "step (%.0f ms) and tokenizing (%.0f ms) %.0f against %.0f ms: %.1f times; %.0f GFLOP/s of %.0f in a "
      "matrix "
      "product: %.0f %%\n",
      number, 1e3 * demo, 1e3 * ours, static_cast<long long>(nodes), demo / ours,
      1e3 * bench::median(language_model), 1e3 * bench::median(tokenizing), 1e3 * (demo + rest),
      1e3 * (ours + rest), (demo + rest) / (ours + rest), speed, bench::median(matrix),
      100 * speed / bench::median(matrix));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    const c10::InferenceMode inference;
    ComputeOptions requested;
    requested.device = "cpu";
    requested.threads = options.threads;
    const Compute compute = make_compute("cpu", "fp32", options.threads);
    compute.apply_threads();
    const TextTower model(options.model, compute);
    const std::unique_ptr<LanguageModel> lm = load_language_model(options.lm, requested);
    std::printf("%d candidates, %d threads, %s\n", options.candidates, options.threads, "fp32");
    for (const int step : kSteps) bench_step(model, *lm, options, step);
  } catch (const Error& error) {
    std::fprintf(stderr, "kiloword_guided_bench: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
