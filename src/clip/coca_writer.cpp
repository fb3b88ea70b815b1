#include "clip/coca_writer.h"

#include <c10/core/InferenceMode.h>

#include <string>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"
#include "kiloword/nn/torch_error.h"

namespace kiloword {

/// The rows are nodes of two token trees of the same shape, one of each transformer.
class CocaWriter::Session : public DescriptionSession {
 public:
  Session(const ClipParts& parts, const CaptionDecoder& decoder, const float* image)
      : parts_(parts),
        decoder_(decoder),
        texts_(parts.text_tower->make_cache()),
        captions_(decoder.make_cache()) {
    guard_torch(parts_.name, [&] {
      const c10::InferenceMode inference;
      parts_.compute.apply_threads();
      const int64_t width = parts_.config.projection_dim;
      const int64_t count = parts_.config.vision.pool_queries - 1;
      // from_blob takes a mutable pointer; it is only read.
      auto* values = const_cast<float*>(image);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
      image_ = decoder_.read(at::from_blob(values, {count, width}, at::kFloat).to(parts_.compute.device));
    });
    append({-1}, {parts_.framing.start_id});
  }

  const std::vector<float>& logits() const override { return logits_; }

  void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) override {
    if (parents.size() != ids.size() || ids.empty())
      throw Error(ErrorKind::kInternal, "rows and tokens of different number", parts_.name);
    std::vector<int64_t> nodes;
    nodes.reserve(parents.size());
    for (size_t i = 0; i < parents.size(); ++i) {
      if (parents[i] < 0 || parents[i] >= rows_ || ids[i] < 0 || ids[i] >= parts_.config.text.vocab_size)
        throw Error(ErrorKind::kInternal, "no such row or token", parts_.name);
      nodes.push_back(texts_.size() - rows_ + parents[i]);
    }
    if (texts_.depth(nodes.front()) + 1 >= parts_.config.text.context_length)
      throw Error(ErrorKind::kInternal, "a text longer than the context", parts_.name);
    append(nodes, ids);
  }

 private:
  /// `parents` are nodes.
  void append(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) {
    guard_torch(parts_.name, [&] {
      const c10::InferenceMode inference;
      parts_.compute.apply_threads();
      const TextTransformer& tower = *parts_.text_tower;
      std::vector<bool> masked;
      masked.reserve(parents.size());
      for (const int64_t parent : parents)
        masked.push_back(parent >= 0 && tower.masks_behind(tokens_[static_cast<size_t>(parent)]));
      tokens_.insert(tokens_.end(), ids.begin(), ids.end());
      texts_.append(parents, masked);
      captions_.append(parents);
      const at::Tensor logits = decoder_.extend(tower.rows(texts_, ids), captions_, image_)
                                    .narrow(1, 0, parts_.tokenizer->vocab_size())
                                    .to(at::kCPU)
                                    .contiguous();  // [rows, V]
      if (!at::isfinite(logits).all().item<bool>()) {
        throw Error(ErrorKind::kModel, "the network's output is not finite", parts_.name,
                    "download the model again");
      }
      logits_.assign(logits.data_ptr<float>(), logits.data_ptr<float>() + logits.numel());
      rows_ = logits.size(0);
    });
  }

  const ClipParts& parts_;
  const CaptionDecoder& decoder_;
  CaptionDecoder::Image image_;
  TokenTreeCache texts_;
  TokenTreeCache captions_;
  std::vector<int32_t> tokens_;  ///< of the nodes
  int64_t rows_ = 0;             ///< the last nodes
  std::vector<float> logits_;    ///< [rows, V]
};

CocaWriter::CocaWriter(const ClipParts& parts) : parts_(parts) {
  if (parts.framing.start_id < 0) {
    throw Error(ErrorKind::kModel, "the tokenizer has no start token, which descriptions begin with",
                parts.name, "use the tokenizer files that belong to this model");
  }
  WeightLoader loader(parts.weights);
  decoder_ = std::make_unique<CaptionDecoder>(loader, parts.compute, parts.config);
  for (const auto& [name, view] : parts.weights->tensors()) {
    if (!starts_with(name, "text_decoder.")) loader.ignore(name);  // the towers', loaded already
  }
  loader.load();
}

std::unique_ptr<DescriptionSession> CocaWriter::start(const float* image) {
  return std::make_unique<Session>(parts_, *decoder_, image);
}

}  // namespace kiloword
