#pragma once

#include "clip/config.h"
#include "kiloword/checkpoint/checkpoint.h"

namespace kiloword {

/// Whether `checkpoint` is one of OpenAI's own (`ViT-B-32.pt`, `RN50.pt`), which contain the image size and
/// need no configuration.
bool is_openai_checkpoint(const Checkpoint& checkpoint);

/// Whether its tensors have OpenAI's names: a state dict of OpenAI or OpenCLIP.
bool has_openai_names(const Checkpoint& checkpoint);

/// The configuration of OpenAI's own checkpoint, or of another one with the same names, derived from tensor
/// shapes; in all of them, heads are 64 wide and the activation is QuickGELU. Throws Error(kModel) if the
/// shapes do not fit a CLIP model.
ClipConfig read_openai_config(const Checkpoint& checkpoint);

}  // namespace kiloword
