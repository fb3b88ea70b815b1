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

/// What vision transformers (Dosovitskiy et al. 2021) have in common: a picture is cut into a grid of
/// patches, each becomes a row, and the rows of a few pictures at a time go through transformer blocks.
class PatchTower : public ImageTower {
 public:
  at::Tensor features(const at::Tensor& pixels) const override;

 protected:
  /// `patches`: the tensors of the patch embedding, a weight and perhaps a bias; none where
  /// embed_patches() has others; `extra_tokens`: rows of a picture beside its patches, 0 or 1.
  PatchTower(WeightLoader& loader, const Compute& compute, const VisionConfig& vision,
             const std::vector<std::string>& patches, const std::vector<BlockNames>& blocks,
             int64_t extra_tokens);

  /// The blocks turn queries and keys of a picture's T rows by `turns`.
  void use_turns(PairTurns turns) { transformer_.use_turns(std::move(turns)); }

  /// Pixels [B, 3, S, S] -> embedded patches [B, N, C], fp32.
  virtual at::Tensor embed_patches(const at::Tensor& pixels) const;
  /// Embedded patches [B, N, C] -> rows that the blocks see, [B, T, C], all fp32.
  virtual at::Tensor begin(const at::Tensor& patches) const = 0;
  /// Pictures behind the last block, each of T rows, [B * T, C] a group -> embeddings [B, D], fp32.
  virtual at::Tensor pool(const std::vector<Rows>& groups) const = 0;

  /// `patches` [B, N, C] behind a class token's embedding, of C values: [B, N + 1, C].
  static at::Tensor with_class_token(const at::Tensor& class_embedding, const at::Tensor& patches);
  /// The first row of every picture, that of its class token: [B, C].
  at::Tensor class_tokens(const std::vector<Rows>& groups) const;

  const Compute& compute() const { return compute_; }
  int64_t patch_count() const { return grid_ * grid_; }  ///< N
  int64_t width() const { return width_; }               ///< C

 private:
  /// Of so many that are left, those that go through a layer in one call; more than these are filled up.
  int64_t group_of(int64_t pictures) const;

  Compute compute_;
  int64_t patch_size_;
  int64_t grid_;  ///< patches along one side
  int64_t width_;
  int64_t group_;  ///< pictures that go through a layer in one call
  std::unique_ptr<Linear> patch_embedding_;
  Transformer transformer_;
};

/// The rows of calls on the CPU for one picture of `tokens` rows, and for as many as share a call; the latter
/// alone for many images.
std::vector<int64_t> picture_call_rows(int64_t tokens, const Compute& compute);

}  // namespace kiloword
