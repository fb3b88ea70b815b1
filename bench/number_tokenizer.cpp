#include "number_tokenizer.h"

#include <sstream>

namespace kiloword::bench {

std::vector<int32_t> NumberTokenizer::encode(std::string_view text) const {
  std::istringstream numbers{std::string(text)};
  std::vector<int32_t> ids;
  for (int64_t number = 0; numbers >> number;) {
    const auto id = static_cast<int32_t>(number % start_id());
    ids.push_back(id == end_id_ ? id + 1 : id);
  }
  return ids;
}

std::string NumberTokenizer::decode(const std::vector<int32_t>& ids) const {
  std::string text;
  for (const int32_t id : ids) text += (text.empty() ? "" : " ") + piece(id);
  return text;
}

}  // namespace kiloword::bench
