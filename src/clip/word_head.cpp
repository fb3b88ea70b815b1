#include "clip/word_head.h"

#include "kiloword/base/file.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/nn/weight_loader.h"

namespace kiloword {

WordHead::WordHead(const std::filesystem::path& folder, const Compute& compute, int64_t width) {
  const std::filesystem::path list = folder / kWordList;
  words_ = parse_word_list(read_file(list, kMaxWordListBytes, ErrorKind::kModel), list.string());
  WeightLoader loader(Checkpoint::open(folder / kWordWeights));
  const auto count = static_cast<int64_t>(words_.size());
  loader.request({{"words.weight", {count, width}}, {"words.bias", {count}}},
                 [&](const std::vector<at::Tensor>& tensors) {
                   weight_ = tensors[0].to(compute.device);
                   bias_ = tensors[1].to(compute.device);
                 });
  loader.load();
}

at::Tensor WordHead::operator()(const at::Tensor& features) const {
  // A product and a sum for each row: its bits depend on nothing that shares the call.
  std::vector<at::Tensor> rows;
  for (int64_t i = 0; i < features.size(0); ++i) rows.push_back(at::mv(weight_, features[i]) + bias_);
  return at::sigmoid(at::stack(rows));  // [B, W]
}

}  // namespace kiloword
