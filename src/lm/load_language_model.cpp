#include "kiloword/lm/load_language_model.h"

#include <c10/core/InferenceMode.h>

#include <functional>

#include "kiloword/base/error.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/lm/model_info.h"
#include "kiloword/model/language_model.h"
#include "kiloword/nn/torch_error.h"
#include "lm/causal_language_model.h"
#include "lm/gpt2.h"
#include "lm/gpt_neox.h"
#include "lm/llama.h"
#include "lm/opt.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// Vocabularies are filled up to a round number (50257 to 50304), with rows that no token has.
void check_vocabulary(const LanguageModelShape& shape, const Tokenizer& tokenizer, const fs::path& folder) {
  constexpr int64_t kMostPadding = 1024;
  const int64_t padding = shape.vocab_size - tokenizer.vocab_size();
  if (padding >= 0 && padding < kMostPadding) return;
  throw Error(ErrorKind::kModel,
              "the tokenizer has " + std::to_string(tokenizer.vocab_size()) +
                  " entries, vocab_size in config.json is " + std::to_string(shape.vocab_size),
              folder.string(), "use the tokenizer files that belong to this model");
}

/// A vocabulary with a start token of its own was trained with it in front of every text; GPT-2's has only
/// the end token, which stood between two texts.
void choose_framing(CausalParts& parts, const fs::path& folder) {
  const Tokenizer& tokenizer = *parts.tokenizer;
  parts.starts_always = tokenizer.start_id() >= 0;
  parts.end_ids = parts.shape.eos_ids;
  if (parts.end_ids.empty() && tokenizer.end_id() >= 0) parts.end_ids = {tokenizer.end_id()};
  parts.start_id = parts.starts_always ? tokenizer.start_id() : parts.shape.bos_id;
  if (parts.end_ids.empty()) {
    throw Error(ErrorKind::kModel, "neither the tokenizer nor eos_token_id names the end token",
                folder.string(), "add eos_token_id to config.json");
  }
  if (parts.start_id < 0) parts.start_id = parts.end_ids.front();
}

/// The network that `folder` configures, and its shape.
struct Network {
  LanguageModelShape shape;
  std::function<std::unique_ptr<CausalNetwork>(WeightLoader&, const Compute&, const Checkpoint&)> make;
};

template <typename Config>
LanguageModelShape shape_of(const Config& config) {
  return {config.vocab_size, config.context_length, config.width, config.bos_id, config.eos_ids};
}

Network read_network(const fs::path& config_file) {
  const std::string type = language_model_type(config_file);
  if (type == "gpt_neox") {
    const GptNeoxConfig config = read_gpt_neox_config(config_file);
    return {shape_of(config), [config](WeightLoader& loader, const Compute& compute, const Checkpoint& file) {
              return std::make_unique<GptNeox>(loader, compute, config, gpt_neox_prefix(file));
            }};
  }
  if (type == "opt") {
    const OptConfig config = read_opt_config(config_file);
    LanguageModelShape shape = shape_of(config);
    shape.width = config.token_width;  // of the hidden states from which tokens are told
    return {shape, [config](WeightLoader& loader, const Compute& compute, const Checkpoint& file) {
              return std::make_unique<Opt>(loader, compute, config, opt_prefix(file));
            }};
  }
  if (is_llama_family(type)) {
    const LlamaConfig config = read_llama_config(config_file);
    return {shape_of(config), [config](WeightLoader& loader, const Compute& compute, const Checkpoint& file) {
              return std::make_unique<Llama>(loader, compute, config, llama_prefix(file));
            }};
  }
  const Gpt2Config config = read_gpt2_config(config_file);
  return {shape_of(config), [config](WeightLoader& loader, const Compute& compute, const Checkpoint& file) {
            return std::make_unique<Gpt2>(loader, compute, config, gpt2_prefix(file));
          }};
}

}  // namespace

std::unique_ptr<LanguageModel> load_language_model(const fs::path& folder, const ComputeOptions& options,
                                                   const TokenizerLoader& load) {
  return guard_torch(folder.string(), [&]() -> std::unique_ptr<LanguageModel> {
    const c10::InferenceMode inference;
    CausalParts parts;
    parts.name = folder.string();
    const Network network = read_network(require_model_file(folder, "config.json"));
    parts.shape = network.shape;
    const auto file = Checkpoint::open(find_weights(folder));
    parts.compute = make_compute(options, *file);
    if (parts.compute.int8) {
      throw Error(ErrorKind::kUsage, "language models are not computed in int8", "--precision",
                  "use fp32 or bf16");
    }
    parts.compute.apply_threads();
    parts.tokenizer = load(folder, TextCleaning::kNone);
    check_vocabulary(parts.shape, *parts.tokenizer, folder);
    choose_framing(parts, folder);
    parts.chat = ChatTemplate::read(folder);
    WeightLoader loader(file);
    parts.network = network.make(loader, parts.compute, *file);
    loader.load();
    return std::make_unique<CausalLanguageModel>(std::move(parts));
  });
}

}  // namespace kiloword
