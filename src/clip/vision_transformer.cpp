#include "clip/vision_transformer.h"

namespace kiloword {
namespace {

LinearSpec projection_spec(const ClipConfig& config, const VisionTransformerNames& names) {
  LinearSpec spec;
  const int64_t width = config.vision.width;
  const int64_t projection_dim = config.projection_dim;
  spec.transposed = names.projection_transposed;
  spec.weights = {{names.projection, spec.transposed ? std::vector<int64_t>{width, projection_dim}
                                                     : std::vector<int64_t>{projection_dim, width}}};
  if (!names.projection_bias.empty()) spec.biases = {{names.projection_bias, {projection_dim}}};
  spec.inputs = width;
  return spec;
}

}  // namespace

VisionTransformer::VisionTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                                     const VisionTransformerNames& names)
    : PatchTower(loader, compute, config.vision, {names.patch_embedding}, names.blocks, 1),
      pre_norm_(loader, compute, names.pre_norm, width(), config.vision.norm_epsilon),
      post_norm_(loader, compute, names.post_norm, width(), config.vision.norm_epsilon),
      projection_(loader, compute, projection_spec(config, names)) {
  std::vector<int64_t> class_shape{width()};
  std::vector<int64_t> position_shape{patch_count() + 1, width()};
  if (names.with_batch) {
    class_shape = {1, 1, width()};
    position_shape.insert(position_shape.begin(), 1);
  }
  loader.request({{names.class_embedding, class_shape}, {names.positions, position_shape}},
                 [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                   class_embedding_ = tensors[0].to(device);
                   positions_ = tensors[1].to(device);
                 });
}

at::Tensor VisionTransformer::begin(const at::Tensor& patches) const {
  return pre_norm_(with_class_token(class_embedding_, patches) + positions_);  // [B, N + 1, C]
}

at::Tensor VisionTransformer::pool(const std::vector<Rows>& groups) const {
  const at::Tensor pooled = post_norm_(class_tokens(groups)).to(compute().type);  // [B, C]
  return projection_(pooled).to(at::kFloat);                                      // [B, D]
}

}  // namespace kiloword
