#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kiloword/model/language_model.h"
#include "kiloword/nn/compute.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "lm/causal_network.h"
#include "lm/chat_template.h"

namespace kiloword {

/// The parts of a loaded language model.
struct CausalParts {
  Compute compute;
  LanguageModelShape shape;
  std::unique_ptr<CausalNetwork> network;
  std::unique_ptr<Tokenizer> tokenizer;
  int32_t start_id = 0;          ///< begins texts, see starts_always
  bool starts_always = false;    ///< else only an empty text begins with start_id
  std::vector<int32_t> end_ids;  ///< at least one
  ChatTemplate chat;
  std::string name;  ///< shown in errors: the folder
};

class CausalLanguageModel : public LanguageModel {
 public:
  explicit CausalLanguageModel(CausalParts parts) : parts_(std::move(parts)) {}

  const Tokenizer& tokenizer() const override { return *parts_.tokenizer; }
  int64_t context_length() const override { return parts_.shape.context_length; }
  int64_t vocab_size() const override { return parts_.tokenizer->vocab_size(); }
  int64_t width() const override { return parts_.shape.width; }
  int32_t end_id() const override { return parts_.end_ids.front(); }
  bool is_end(int32_t id) const override;
  std::string device() const override { return parts_.compute.device.str(); }
  std::vector<int32_t> encode_prompt(const std::string& text) const override;
  ChatPrompt encode_chat(const std::string& message, const std::string& answer) const override {
    return parts_.chat.encode(*parts_.tokenizer, message, answer);
  }
  std::unique_ptr<LmSession> start(const std::vector<int32_t>& ids) override;

 private:
  CausalParts parts_;
};

}  // namespace kiloword
