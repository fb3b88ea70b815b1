#include "clip/stem_transformer.h"

#include <string>

#include "clip/reparameterization.h"
#include "clip/trunk_projection.h"

namespace kiloword {
namespace {

const std::string kTrunk = "visual.trunk.";
constexpr int64_t kFirstKernel = 4;
constexpr int64_t kKernel = 2;  // of the second and the third layer

}  // namespace

StemTransformer::StemTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config)
    : PatchTower(loader, compute, config.vision, {}, timm_blocks(config.vision.layers), 1),
      post_norm_(loader, compute, kTrunk + "norm", width(), config.vision.norm_epsilon),
      projection_(loader, compute, trunk_projection(config)) {
  const std::string stem = kTrunk + "patch_embed.backbone.";
  const int64_t narrow = width() / 4;
  const auto keep = [this](size_t layer, const FoldedWeights& folded) {
    // Rows hold places, then channels; those of the first layer channels, then places, as pixels are.
    const at::Tensor weight = layer == 0 ? folded.weight : folded.weight.permute({0, 2, 3, 1});
    const Compute& where = this->compute();
    stem_[layer] = {weight.reshape({weight.size(0), -1}).to(where.type).to(where.device),
                    folded.bias.to(where.type).to(where.device)};
  };
  want_normed_convolution(loader, stem + "0", {narrow, 3, kFirstKernel, kFirstKernel},
                          [keep](const FoldedWeights& folded) { keep(0, folded); });
  want_normed_convolution(loader, stem + "1", {narrow, narrow, kKernel, kKernel},
                          [keep](const FoldedWeights& folded) { keep(1, folded); });
  loader.request({{stem + "2.conv.weight", {width(), narrow, kKernel, kKernel}},
                  {stem + "2.conv.bias", {width()}},
                  {kTrunk + "cls_token", {1, 1, width()}},
                  {kTrunk + "pos_embed", {1, patch_count(), width()}}},
                 [this, keep](const std::vector<at::Tensor>& tensors) {
                   keep(2, {tensors[0].to(at::kDouble), tensors[1].to(at::kDouble)});
                   class_embedding_ = tensors[2].to(this->compute().device);
                   positions_ = tensors[3].to(this->compute().device);
                 });
}

at::Tensor StemTransformer::embed_patches(const at::Tensor& pixels) const {
  const int64_t batch = pixels.size(0);
  const int64_t grid = pixels.size(2) / (kFirstKernel * kKernel * kKernel);
  // Each side: patches, halves of a patch, quarters of it, pixels of a quarter.
  at::Tensor x =
      pixels.to(compute().type)
          .reshape({batch, 3, grid, kKernel, kKernel, kFirstKernel, grid, kKernel, kKernel, kFirstKernel})
          .permute({0, 2, 6, 3, 7, 4, 8, 1, 5, 9})
          .reshape({-1, 3 * kFirstKernel * kFirstKernel});  // [B N 16, 48]
  for (size_t layer = 0; layer < 3; ++layer) {
    x = at::linear(x.reshape({-1, stem_[layer].weight.size(1)}), stem_[layer].weight, stem_[layer].bias);
    if (layer < 2) x = at::gelu(x);
  }
  return x.to(at::kFloat).reshape({batch, patch_count(), width()});
}

at::Tensor StemTransformer::begin(const at::Tensor& patches) const {
  return with_class_token(class_embedding_, patches + positions_);
}

at::Tensor StemTransformer::pool(const std::vector<Rows>& groups) const {
  return projection_(post_norm_(class_tokens(groups)).to(compute().type)).to(at::kFloat);  // [B, D]
}

}  // namespace kiloword
