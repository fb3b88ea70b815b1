#include "lm/config_parts.h"

namespace kiloword {

void require_whole_heads(const ConfigReader& reader, const std::string& key, int64_t heads, int64_t width) {
  if (width % heads == 0) return;
  reader.fail(key,
              "is " + std::to_string(heads) + ", which does not divide the width " + std::to_string(width));
}

void read_text_ends(const ConfigReader& reader, int64_t vocab_size, int32_t& bos_id,
                    std::vector<int32_t>& eos_ids) {
  bos_id = static_cast<int32_t>(reader.integer("bos_token_id", 0, vocab_size - 1, -1));
  for (const int64_t id : reader.one_or_more("eos_token_id", 0, vocab_size - 1))
    eos_ids.push_back(static_cast<int32_t>(id));
}

}  // namespace kiloword
