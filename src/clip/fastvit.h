#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "clip/config.h"
#include "clip/fastvit_blocks.h"
#include "clip/image_tower.h"

namespace kiloword {

/// FastViT (Vasu et al. 2023) as the image tower of MobileCLIP (MCi0 to MCi2: Vasu et al. 2024, section 4.1)
/// and MobileCLIP 2 (MCi3 and MCi4, which have a fifth stage: Faghri et al. 2025): a stem of MobileOne
/// blocks, stages of RepMixer blocks and then of attention blocks, each stage of half the side and twice the
/// channels, and a pooled projection. Tensor names are OpenCLIP's, and timm's inside the trunk.
class FastVit : public ImageTower {
 public:
  FastVit(WeightLoader& loader, const Compute& compute, const ClipConfig& config);

  at::Tensor features(const at::Tensor& pixels) const override;

 private:
  struct Stage {
    std::unique_ptr<DepthwiseStep> patches;        ///< of a patch embedding; the first stage has none
    std::unique_ptr<MobileOneBlock> mix;           ///< likewise
    std::unique_ptr<FoldedConvolution> positions;  ///< before attention
    std::vector<std::unique_ptr<FastVitBlock>> blocks;
  };

  void add_stem(WeightLoader& loader, int64_t channels, int64_t& side);
  void add_stage(WeightLoader& loader, const VisionConfig& vision, int64_t channels, int64_t& side);
  at::Tensor encode(const at::Tensor& pixels) const;

  Compute compute_;
  bool five_stages_;
  std::deque<MobileOneBlock> stem_;
  std::deque<Stage> stages_;
  std::unique_ptr<DepthwiseStep> last_;
  std::unique_ptr<Linear> projection_;
};

}  // namespace kiloword
