#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clip/config.h"
#include "clip/image_tower.h"
#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// Base of vision transformers (Dosovitskiy et al. 2021): an image is split into a grid of patches, each
/// becomes a row, and the rows of a few images at a time go through transformer blocks.
class PatchTower : public ImageTower {
 public:
  at::Tensor features(const at::Tensor& pixels) const override;

 protected:
  /// `patches`: the tensors of the patch embedding, a weight and optionally a bias; empty if embed_patches()
  /// is overridden. `extra_tokens`: rows of an image in addition to its patches, 0 or 1.
  PatchTower(WeightLoader& loader, const Compute& compute, const VisionConfig& vision,
             const std::vector<std::string>& patches, const std::vector<BlockNames>& blocks,
             int64_t extra_tokens);

  /// Makes the blocks rotate queries and keys of an image's T rows by `turns`.
  void use_turns(PairTurns turns) { transformer_.use_turns(std::move(turns)); }

  /// Pixels [B, 3, S, S] -> embedded patches [B, N, C], fp32.
  virtual at::Tensor embed_patches(const at::Tensor& pixels) const;
  /// Embedded patches [B, N, C] -> input rows of the blocks, [B, T, C], all fp32.
  virtual at::Tensor begin(const at::Tensor& patches) const = 0;
  /// Images after the last block, T rows each, [B * T, C] per group -> embeddings [B, D], fp32.
  virtual at::Tensor pool(const std::vector<Rows>& groups) const = 0;

  /// Prepends the class token's embedding, of C values, to `patches` [B, N, C]: [B, N + 1, C].
  static at::Tensor with_class_token(const at::Tensor& class_embedding, const at::Tensor& patches);
  /// The first row of every image, that of its class token: [B, C].
  at::Tensor class_tokens(const std::vector<Rows>& groups) const;

  const Compute& compute() const { return compute_; }
  int64_t patch_count() const { return grid_ * grid_; }  ///< N
  int64_t width() const { return width_; }               ///< C

 private:
  /// Images in the next call of a layer, with `pictures` left; the call is padded if there are fewer.
  int64_t group_of(int64_t pictures) const;

  Compute compute_;
  int64_t patch_size_;
  int64_t grid_;  ///< patches along one side
  int64_t width_;
  int64_t group_;  ///< images that go through a layer in one call
  std::unique_ptr<Linear> patch_embedding_;
  Transformer transformer_;
};

/// LinearSpec::rows for images of `tokens` rows: one image per call, and as many as share a call; only the
/// latter for many images.
std::vector<int64_t> picture_call_rows(int64_t tokens, const Compute& compute);

}  // namespace kiloword
