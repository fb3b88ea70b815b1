#include "pipeline/text_memo.h"

#include <algorithm>
#include <utility>

namespace kiloword {

bool TextMemo::find(const std::string& text, float* to) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Table* table : {&recent_, &older_}) {
    const auto found = table->find(text);
    if (found == table->end()) continue;
    std::copy(found->second.begin(), found->second.end(), to);
    return true;
  }
  return false;
}

void TextMemo::add(const std::string& text, const float* embedding, int64_t dim) {
  constexpr size_t kOverhead = 128;  // of an entry: nodes, headers of blocks
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!recent_.try_emplace(text, embedding, embedding + dim).second) return;
  recent_bytes_ += text.size() + static_cast<size_t>(dim) * sizeof(float) + kOverhead;
  if (recent_bytes_ < bytes_) return;
  older_ = std::exchange(recent_, Table());
  recent_bytes_ = 0;
}

}  // namespace kiloword
