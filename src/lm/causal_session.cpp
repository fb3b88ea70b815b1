#include "lm/causal_session.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>

#include "kiloword/base/error.h"
#include "kiloword/nn/torch_error.h"

namespace kiloword {

CausalSession::CausalSession(const CausalParts& parts, const std::vector<int32_t>& prompt)
    : parts_(parts), cache_(parts.network->make_cache()), length_(static_cast<int64_t>(prompt.size())) {
  if (prompt.empty()) throw Error(ErrorKind::kInternal, "a prompt without tokens", parts_.name);
  check_ids(prompt);
  const int64_t longest = parts_.shape.context_length;
  if (length_ > longest) {
    throw Error(ErrorKind::kInput,
                "the prompt has " + std::to_string(length_) + " tokens, the language model takes " +
                    std::to_string(longest),
                parts_.name, "shorten the prompt");
  }
  std::vector<int64_t> chain;
  for (int64_t i = 0; i < length_; ++i) chain.push_back(i - 1);
  prompt_hidden_ = append(chain, prompt);
  nodes_ = {length_ - 1};
  hidden_.assign(prompt_hidden_.end() - parts_.shape.width, prompt_hidden_.end());
}

std::vector<float> CausalSession::logprobs(const std::vector<int64_t>& rows) const {
  check_rows(rows);
  if (rows.empty()) return {};
  return guard_torch(parts_.name, [&] {
    const c10::InferenceMode inference;
    parts_.compute.apply_threads();
    const int64_t width = parts_.shape.width;
    at::Tensor hidden = at::empty({static_cast<int64_t>(rows.size()), width}, at::kFloat);  // [N, C]
    float* to = hidden.data_ptr<float>();
    for (const int64_t row : rows) to = std::copy_n(hidden_.begin() + row * width, width, to);
    const at::Tensor logprobs = parts_.network->logprobs(hidden.to(parts_.compute.device));
    return to_values(logprobs.narrow(1, 0, parts_.tokenizer->vocab_size()));  // [N, V]
  });
}

void CausalSession::extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) {
  check_rows(parents);
  check_ids(ids);
  if (parents.size() != ids.size()) {
    throw Error(ErrorKind::kInternal, "rows and tokens of different number", parts_.name);
  }
  const int64_t longest = parts_.shape.context_length;
  if (length_ >= longest) {
    throw Error(ErrorKind::kInput,
                "the text has the " + std::to_string(longest) + " tokens that the language model takes",
                parts_.name, "ask for fewer tokens or shorten the prompt");
  }
  forget_other_rows(parents);
  std::vector<int64_t> parent_nodes;
  parent_nodes.reserve(parents.size());
  for (const int64_t row : parents) parent_nodes.push_back(nodes_[static_cast<size_t>(row)]);
  const int64_t first = cache_.size();
  hidden_ = append(parent_nodes, ids);
  nodes_.clear();
  for (int64_t node = first; node < cache_.size(); ++node) nodes_.push_back(node);
  ++length_;
}

void CausalSession::check_ids(const std::vector<int32_t>& ids) const {
  for (const int32_t id : ids) {
    if (id < 0 || id >= parts_.tokenizer->vocab_size()) {
      throw Error(ErrorKind::kInternal, "no token has the id " + std::to_string(id), parts_.name);
    }
  }
}

void CausalSession::check_rows(const std::vector<int64_t>& rows) const {
  for (const int64_t row : rows) {
    if (row < 0 || row >= this->rows()) {
      throw Error(ErrorKind::kInternal, "no row " + std::to_string(row), parts_.name);
    }
  }
}

void CausalSession::forget_other_rows(const std::vector<int64_t>& rows) {
  std::vector<int64_t> new_number(static_cast<size_t>(cache_.size()), -1);
  for (const int64_t row : rows) {
    for (const int32_t node : cache_.path(nodes_[static_cast<size_t>(row)])) {
      new_number[static_cast<size_t>(node)] = 0;
    }
  }
  std::vector<int64_t> kept;
  for (size_t node = 0; node < new_number.size(); ++node) {
    if (new_number[node] < 0) continue;
    new_number[node] = static_cast<int64_t>(kept.size());
    kept.push_back(static_cast<int64_t>(node));
  }
  guard_torch(parts_.name, [&] {
    const c10::InferenceMode inference;
    cache_.keep(kept);
  });
  for (int64_t& node : nodes_) node = new_number[static_cast<size_t>(node)];
}

std::vector<float> CausalSession::append(const std::vector<int64_t>& parent_nodes,
                                         const std::vector<int32_t>& ids) {
  if (ids.empty()) return {};
  return guard_torch(parts_.name, [&] {
    const c10::InferenceMode inference;
    parts_.compute.apply_threads();
    cache_.append(parent_nodes);
    return to_values(parts_.network->extend(cache_, ids));
  });
}

std::vector<float> CausalSession::to_values(const at::Tensor& tensor) const {
  const at::Tensor values = tensor.to(at::kCPU).contiguous();
  if (!at::isfinite(values).all().item<bool>()) {
    throw Error(ErrorKind::kModel, "the network's output is not finite", parts_.name,
                "download the model again");
  }
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

}  // namespace kiloword
