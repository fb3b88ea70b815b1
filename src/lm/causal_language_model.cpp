#include "lm/causal_language_model.h"

#include <algorithm>

#include "lm/causal_session.h"

namespace kiloword {

std::vector<int32_t> CausalLanguageModel::encode_prompt(const std::string& text) const {
  std::vector<int32_t> ids = parts_.tokenizer->encode(text);
  if (parts_.starts_always || ids.empty()) ids.insert(ids.begin(), parts_.start_id);
  return ids;
}

bool CausalLanguageModel::is_end(int32_t id) const {
  return std::find(parts_.end_ids.begin(), parts_.end_ids.end(), id) != parts_.end_ids.end();
}

std::unique_ptr<LmSession> CausalLanguageModel::start(const std::vector<int32_t>& ids) {
  return std::make_unique<CausalSession>(parts_, ids);
}

}  // namespace kiloword
