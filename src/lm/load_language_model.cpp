#include "kiloword/lm/load_language_model.h"

#include <c10/core/InferenceMode.h>

#include "kiloword/base/error.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/model/language_model.h"
#include "kiloword/nn/torch_error.h"
#include "lm/gpt2_language_model.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// Vocabularies are filled up to a round number (50257 to 50304), with rows that no token has.
void check_vocabulary(const Gpt2Config& config, const Tokenizer& tokenizer, const fs::path& folder) {
  constexpr int64_t kMostPadding = 1024;
  const int64_t padding = config.vocab_size - tokenizer.vocab_size();
  if (padding >= 0 && padding < kMostPadding) return;
  throw Error(ErrorKind::kModel,
              "the tokenizer has " + std::to_string(tokenizer.vocab_size()) +
                  " entries, vocab_size in config.json is " + std::to_string(config.vocab_size),
              folder.string(), "use the tokenizer files that belong to this model");
}

/// A vocabulary with a start token of its own was trained with it in front of every text; GPT-2's has only
/// the end token, which stood between two texts.
void choose_framing(Gpt2Parts& parts, const fs::path& folder) {
  const Tokenizer& tokenizer = *parts.tokenizer;
  parts.starts_always = tokenizer.start_id() >= 0;
  parts.end_ids = parts.config.eos_ids;
  if (parts.end_ids.empty() && tokenizer.end_id() >= 0) parts.end_ids = {tokenizer.end_id()};
  parts.start_id = parts.config.bos_id >= 0 ? parts.config.bos_id : tokenizer.start_id();
  if (parts.end_ids.empty()) {
    throw Error(ErrorKind::kModel, "neither the tokenizer nor eos_token_id names the end token",
                folder.string(), "add eos_token_id to config.json");
  }
  if (parts.start_id < 0) parts.start_id = parts.end_ids.front();
}

}  // namespace

std::unique_ptr<LanguageModel> load_language_model(const fs::path& folder, const ComputeOptions& options,
                                                   const TokenizerLoader& load) {
  return guard_torch(folder.string(), [&]() -> std::unique_ptr<LanguageModel> {
    const c10::InferenceMode inference;
    Gpt2Parts parts;
    parts.name = folder.string();
    parts.config = read_gpt2_config(require_model_file(folder, "config.json"));
    const auto file = Checkpoint::open(find_weights(folder));
    parts.compute = make_compute(options, *file);
    if (parts.compute.int8) {
      throw Error(ErrorKind::kUsage, "language models are not computed in int8", "--precision",
                  "use fp32 or bf16");
    }
    parts.compute.apply_threads();
    parts.tokenizer = load(folder, TextCleaning::kNone);
    check_vocabulary(parts.config, *parts.tokenizer, folder);
    choose_framing(parts, folder);
    WeightLoader loader(file);
    parts.network = std::make_unique<Gpt2>(loader, parts.compute, parts.config, gpt2_prefix(*file));
    loader.load();
    return std::make_unique<Gpt2LanguageModel>(std::move(parts));
  });
}

}  // namespace kiloword
