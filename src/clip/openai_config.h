#pragma once

#include "clip/config.h"
#include "kiloword/checkpoint/checkpoint.h"

namespace kiloword {

/// Whether `checkpoint` is one of OpenAI's own (`ViT-B-32.pt`, `RN50.pt`): these carry their picture's size
/// and need no configuration.
bool is_openai_checkpoint(const Checkpoint& checkpoint);

/// Whether its tensors have OpenAI's names: a state dict of theirs, or of OpenCLIP's.
bool has_openai_names(const Checkpoint& checkpoint);

/// The settings of OpenAI's own checkpoint, or of another one under the same names, read off the shapes of
/// its tensors; heads are 64 wide and the activation is QuickGELU in all of them. Throws Error(kModel) where
/// the shapes are no CLIP model's.
ClipConfig read_openai_config(const Checkpoint& checkpoint);

}  // namespace kiloword
