#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kiloword/model/language_model.h"
#include "kiloword/nn/compute.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "lm/gpt2.h"
#include "lm/gpt2_config.h"

namespace kiloword {

/// The parts of a GPT-2 model that is ready to use.
struct Gpt2Parts {
  Compute compute;
  Gpt2Config config;
  std::unique_ptr<Gpt2> network;
  std::unique_ptr<Tokenizer> tokenizer;
  int32_t start_id = 0;          ///< in front of texts, see starts_always
  bool starts_always = false;    ///< else only empty texts begin with start_id
  std::vector<int32_t> end_ids;  ///< at least one
  std::string name;              ///< shown in errors: the folder
};

class Gpt2LanguageModel : public LanguageModel {
 public:
  explicit Gpt2LanguageModel(Gpt2Parts parts) : parts_(std::move(parts)) {}

  const Tokenizer& tokenizer() const override { return *parts_.tokenizer; }
  int64_t context_length() const override { return parts_.config.context_length; }
  int64_t vocab_size() const override { return parts_.tokenizer->vocab_size(); }
  int64_t width() const override { return parts_.config.width; }
  int32_t end_id() const override { return parts_.end_ids.front(); }
  bool is_end(int32_t id) const override;
  std::string device() const override { return parts_.compute.device.str(); }
  std::vector<int32_t> encode_prompt(const std::string& text) const override;
  std::unique_ptr<LmSession> start(const std::vector<int32_t>& ids) override;

 private:
  Gpt2Parts parts_;
};

}  // namespace kiloword
