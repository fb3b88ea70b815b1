#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kiloword {

class Tokenizer;

/// Texts that grow from one prompt, and a language model's probabilities of their next tokens. All texts, the
/// rows, have the same number of tokens. A row's numbers do not depend on the other rows or on how it was
/// built.
class LmSession {
 public:
  LmSession() = default;
  LmSession(const LmSession&) = delete;
  LmSession& operator=(const LmSession&) = delete;
  virtual ~LmSession() = default;

  /// Current rows; at first the prompt alone.
  virtual int64_t rows() const = 0;
  /// Tokens of each row.
  virtual int64_t length() const = 0;

  /// Hidden states at the last token of every row, after the final norm: [rows, C].
  virtual const std::vector<float>& hidden() const = 0;
  /// The same at every token of the prompt: [T, C].
  virtual const std::vector<float>& prompt_hidden() const = 0;

  /// Natural logarithms of the probabilities of each token as the next one of `rows`, any of the current
  /// ones: [N, V]. Computed for these rows only: with small models it takes a third of the time of extending
  /// by them.
  virtual std::vector<float> logprobs(const std::vector<int64_t>& rows) const = 0;

  /// New row i is old row parents[i] with token ids[i] appended; rows not named are dropped. Throws
  /// Error(kInput) where the context is full; the rows are unchanged then.
  virtual void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) = 0;
};

/// The beginning of a text that answers a message, as token ids.
struct ChatPrompt {
  std::vector<int32_t> ids;
  size_t header = 0;  ///< ids of the conversation before the answer, which are no part of the text
};

/// A causal language model (GPT-2: Radford et al. 2019). Calls, its sessions' too, may come from one thread
/// at a time, or from several where each has one core.
class LanguageModel {
 public:
  LanguageModel() = default;
  LanguageModel(const LanguageModel&) = delete;
  LanguageModel& operator=(const LanguageModel&) = delete;
  virtual ~LanguageModel() = default;

  virtual const Tokenizer& tokenizer() const = 0;
  /// Tokens that a text may have, those before the prompt included.
  virtual int64_t context_length() const = 0;
  /// V: token ids are 0 .. V - 1.
  virtual int64_t vocab_size() const = 0;
  /// C, values of a hidden state.
  virtual int64_t width() const = 0;
  /// The token that ends a text.
  virtual int32_t end_id() const = 0;
  /// Whether `id` ends a text: end_id(), of some models others too.
  virtual bool is_end(int32_t id) const { return id == end_id(); }
  /// Where the network runs: "cpu", "cuda:0".
  virtual std::string device() const = 0;

  /// Token ids of `text` with the model's start tokens: GPT-2 none, and its
  /// <|endoftext|> where the text is empty; models with a start token of their own that token always.
  virtual std::vector<int32_t> encode_prompt(const std::string& text) const = 0;

  /// The conversation in which the model expects `message`, followed by `answer`, the beginning of its reply.
  /// Throws Error(kUsage) if the model has no chat template, or an unknown one.
  virtual ChatPrompt encode_chat(const std::string& message, const std::string& answer) const = 0;

  /// Reads the prompt `ids` (at least one). The session must not outlive the model. Throws Error(kInput) for
  /// a prompt longer than the context.
  virtual std::unique_ptr<LmSession> start(const std::vector<int32_t>& ids) = 0;
};

}  // namespace kiloword
