#include "clip/prefix_text_encoder.h"

#include <set>

namespace kiloword {

void PrefixTextEncoder::forget_all_but_beginnings(const std::vector<std::vector<int32_t>>& texts) {
  std::set<int64_t> beginnings;
  for (const std::vector<int32_t>& text : texts) {
    int64_t node = TokenTrie::kNone;
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      node = trie_.find(node, text[i]);
      if (node == TokenTrie::kNone) break;
      beginnings.insert(node);
    }
  }
  const std::vector<int64_t> nodes(beginnings.begin(), beginnings.end());
  trie_.keep(nodes);
  cache_.keep(nodes);
}

at::Tensor PrefixTextEncoder::encode(const std::vector<std::vector<int32_t>>& texts) {
  forget_all_but_beginnings(texts);
  const int64_t first = trie_.size();
  std::vector<int64_t> parents;
  std::vector<bool> masked;
  std::vector<int32_t> ids;
  std::vector<int64_t> ends;  // the node at which each text ends
  for (const std::vector<int32_t>& text : texts) {
    int64_t node = TokenTrie::kNone;
    for (size_t i = 0; i < text.size(); ++i) {
      const int64_t parent = node;
      // An end gets a node of its own kind, also where another text goes on with the same token: beginnings
      // are kept for later calls, the outputs of ends are not.
      const int32_t branch = i + 1 < text.size() ? text[i] : ~text[i];
      node = trie_.find(parent, branch);
      if (node != TokenTrie::kNone) continue;
      node = trie_.add(parent, branch);
      parents.push_back(parent);
      masked.push_back(i > 0 && tower_.masks_behind(text[i - 1]));
      ids.push_back(text[i]);
    }
    ends.push_back(node);
  }
  nodes_computed_ = static_cast<int64_t>(ids.size());
  cache_.append(parents, masked);
  std::set<int64_t> distinct;
  for (const int64_t end : ends) distinct.insert(end - first);
  const std::vector<int64_t> wanted(distinct.begin(), distinct.end());
  const at::Tensor embeddings = tower_.extend(cache_, ids, wanted);  // [wanted, D]
  std::vector<int64_t> row_of_node(static_cast<size_t>(nodes_computed_), 0);
  for (size_t row = 0; row < wanted.size(); ++row) {
    row_of_node[static_cast<size_t>(wanted[row])] = static_cast<int64_t>(row);
  }
  std::vector<int64_t> rows;
  rows.reserve(ends.size());
  for (const int64_t end : ends) rows.push_back(row_of_node[static_cast<size_t>(end - first)]);
  return embeddings.index_select(0, at::tensor(rows, at::kLong).to(embeddings.device()));  // [N, D]
}

}  // namespace kiloword
