#include <cstddef>
#include <utility>

#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

std::vector<int32_t> frame_tokens(std::vector<int32_t> ids, int32_t start_id, int32_t end_id,
                                  int context_length, CutSide side) {
  const size_t framing = (start_id >= 0 ? 1u : 0u) + (end_id >= 0 ? 1u : 0u);
  const size_t room = static_cast<size_t>(context_length) - framing;
  if (ids.size() > room) {
    const auto surplus = static_cast<std::ptrdiff_t>(ids.size() - room);
    const auto first = side == CutSide::kStart ? ids.begin() : ids.end() - surplus;
    ids.erase(first, first + surplus);
  }
  if (start_id >= 0) ids.insert(ids.begin(), start_id);
  if (end_id >= 0) ids.push_back(end_id);
  return ids;
}

}  // namespace kiloword
