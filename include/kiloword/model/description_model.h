#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kiloword {

class Tokenizer;

/// Texts about one image that grow from the start token. All texts, called rows, have the same number of
/// tokens.
class DescriptionSession {
 public:
  DescriptionSession() = default;
  DescriptionSession(const DescriptionSession&) = delete;
  DescriptionSession& operator=(const DescriptionSession&) = delete;
  virtual ~DescriptionSession() = default;

  /// The logits of the next token for each row, [rows, V]. Initially, the only row is the start token.
  virtual const std::vector<float>& logits() const = 0;

  /// New row i is old row parents[i] with token ids[i] appended; rows not named are dropped.
  virtual void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) = 0;
};

/// A network that writes texts about an image, token by token (CoCa: Yu et al. 2022). Calls, including those
/// of its sessions, may come from one thread at a time, or from several if each uses one core.
class DescriptionModel {
 public:
  DescriptionModel() = default;
  DescriptionModel(const DescriptionModel&) = delete;
  DescriptionModel& operator=(const DescriptionModel&) = delete;
  virtual ~DescriptionModel() = default;

  virtual const Tokenizer& tokenizer() const = 0;
  /// V: token ids are 0 .. V - 1.
  virtual int64_t vocab_size() const = 0;
  virtual int32_t start_id() const = 0;
  virtual int32_t end_id() const = 0;
  /// Maximum number of tokens of a text, including the start token.
  virtual int64_t context_length() const = 0;

  /// Starts texts about the image whose findings are `image`, a row of Embeddings::findings. The session must
  /// not outlive the model.
  virtual std::unique_ptr<DescriptionSession> start(const float* image) = 0;
};

}  // namespace kiloword
