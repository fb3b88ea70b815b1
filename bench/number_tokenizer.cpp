#include "number_tokenizer.h"

#include <sstream>

namespace kiloword::bench {

std::vector<int32_t> NumberTokenizer::encode(std::string_view text) const {
  std::istringstream numbers{std::string(text)};
  std::vector<int32_t> ids;
  for (int64_t id = 0; numbers >> id;) ids.push_back(static_cast<int32_t>(id % start_id()));
  return ids;
}

std::string NumberTokenizer::decode(const std::vector<int32_t>& ids) const {
  std::string text;
  for (const int32_t id : ids) text += (text.empty() ? "" : " ") + piece(id);
  return text;
}

}  // namespace kiloword::bench
