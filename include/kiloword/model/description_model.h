#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kiloword {

class Tokenizer;

/// Texts about one image that grow from the start token. All texts, the rows, have the same number of tokens.
class DescriptionSession {
 public:
  DescriptionSession() = default;
  DescriptionSession(const DescriptionSession&) = delete;
  DescriptionSession& operator=(const DescriptionSession&) = delete;
  virtual ~DescriptionSession() = default;

  /// For each row, at first the start token alone, the logits of every token as the next one: [rows, V].
  virtual const std::vector<float>& logits() const = 0;

  /// New row i is old row parents[i] with token ids[i] appended; rows not named are dropped.
  virtual void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) = 0;
};

/// A network that writes texts about an image, token by token (CoCa: Yu et al. 2022). Calls, its sessions'
/// too, may come from one thread at a time, or from several where each has one core.
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
  /// Tokens that a text may have, the start token included.
  virtual int64_t context_length() const = 0;

  /// Begins texts about the image that is row `image` of Embeddings::findings. The session must not outlive
  /// the model.
  virtual std::unique_ptr<DescriptionSession> start(const float* image) = 0;
};

}  // namespace kiloword
