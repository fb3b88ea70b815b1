#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "kiloword/model/language_model.h"
#include "kiloword/nn/token_tree_cache.h"
#include "lm/causal_language_model.h"

namespace kiloword {

/// The rows are nodes of a token tree, so shared prefixes are computed and stored once.
class CausalSession : public LmSession {
 public:
  /// `parts` must outlive the session. Throws Error(kInput) for a prompt longer than the context.
  CausalSession(const CausalParts& parts, const std::vector<int32_t>& prompt);

  int64_t rows() const override { return static_cast<int64_t>(nodes_.size()); }
  int64_t length() const override { return length_; }
  const std::vector<float>& hidden() const override { return hidden_; }
  const std::vector<float>& prompt_hidden() const override { return prompt_hidden_; }
  std::vector<float> logprobs(const std::vector<int64_t>& rows) const override;
  void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) override;

 private:
  void check_ids(const std::vector<int32_t>& ids) const;
  void check_rows(const std::vector<int64_t>& rows) const;
  void forget_other_rows(const std::vector<int64_t>& rows);
  std::vector<float> append(const std::vector<int64_t>& parent_nodes, const std::vector<int32_t>& ids);
  std::vector<float> to_values(const at::Tensor& tensor) const;

  const CausalParts& parts_;
  TokenTreeCache cache_;
  std::vector<int64_t> nodes_;  // of each row's last token
  int64_t length_ = 0;
  std::vector<float> hidden_;         // [rows, C]
  std::vector<float> prompt_hidden_;  // [T, C]
};

}  // namespace kiloword
