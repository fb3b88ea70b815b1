#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kiloword {

class Tokenizer;

/// Texts that grow from one prompt, and a language model's next-token probabilities. All texts, called rows,
/// have the same number of tokens. A row's results do not depend on other rows, or on the order of calls that
/// built it.
class LmSession {
 public:
  LmSession() = default;
  LmSession(const LmSession&) = delete;
  LmSession& operator=(const LmSession&) = delete;
  virtual ~LmSession() = default;

  /// Number of current rows; initially one, the prompt.
  virtual int64_t rows() const = 0;
  /// Number of tokens of each row.
  virtual int64_t length() const = 0;

  /// Hidden states at the last token of every row, after the final norm: [rows, C].
  virtual const std::vector<float>& hidden() const = 0;
  /// The same at every token of the prompt: [T, C].
  virtual const std::vector<float>& prompt_hidden() const = 0;

  /// Natural logarithms of next-token probabilities for `rows`, a selection of current rows: [N, V]. Computed
  /// only for these: with small models, it takes a third of the time of extending by them.
  virtual std::vector<float> logprobs(const std::vector<int64_t>& rows) const = 0;

  /// New row i is old row parents[i] with token ids[i] appended; rows not named are dropped. Throws
  /// Error(kInput), leaving the rows unchanged, if the context is full.
  virtual void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) = 0;
};

/// The beginning of a text that answers a message, as token ids.
struct ChatPrompt {
  std::vector<int32_t> ids;
  size_t header = 0;  ///< number of ids before the answer, which are not part of the text
};

/// A causal language model (GPT-2: Radford et al. 2019). Calls, including those of its sessions, may come
/// from one thread at a time, or from several if each uses one core.
class LanguageModel {
 public:
  LanguageModel() = default;
  LanguageModel(const LanguageModel&) = delete;
  LanguageModel& operator=(const LanguageModel&) = delete;
  virtual ~LanguageModel() = default;

  virtual const Tokenizer& tokenizer() const = 0;
  /// Maximum number of tokens of a text, including those before the prompt.
  virtual int64_t context_length() const = 0;
  /// V: token ids are 0 .. V - 1.
  virtual int64_t vocab_size() const = 0;
  /// C, the width of a hidden state.
  virtual int64_t width() const = 0;
  /// The token that ends a text.
  virtual int32_t end_id() const = 0;
  /// Whether `id` ends a text: end_id() or, for some models, others.
  virtual bool is_end(int32_t id) const { return id == end_id(); }
  /// Where the network runs: "cpu", "cuda:0".
  virtual std::string device() const = 0;

  /// Token ids of `text` with the model's start tokens: none for GPT-2, but <|endoftext|> if the text is
  /// empty; for models with a start token, always that token.
  virtual std::vector<int32_t> encode_prompt(const std::string& text) const = 0;

  /// `message` in the model's chat template, followed by `answer`, the beginning of the reply. Throws
  /// Error(kUsage) if the model has no chat template, or an unknown one.
  virtual ChatPrompt encode_chat(const std::string& message, const std::string& answer) const = 0;

  /// Reads the prompt `ids` (at least one). The session must not outlive the model. Throws Error(kInput) for
  /// a prompt longer than the context.
  virtual std::unique_ptr<LmSession> start(const std::vector<int32_t>& ids) = 0;
};

}  // namespace kiloword
