#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// The properties in a model's configuration; no weights are read.
struct ClipModelInfo {
  std::string
      image_tower;         ///< "vision transformer, 12 layers, width 768, patches of 32 px, images of 224 px"
  std::string text_tower;  ///< "transformer, 12 layers, width 512, 77 tokens, vocabulary of 49408"
  std::string
      network;  ///< the image tower whose weights are no part of the model ("efficientnet-lite0"), or none
  std::string images;  ///< "224 x 224 px"
  int64_t embedding_dim = 0;
  int context_length = 0;                       ///< tokens a text may have, start and end included
  std::filesystem::path tokenizer;              ///< the folder that load_tokenizer() takes
  TextCleaning cleaning = TextCleaning::kNone;  ///< what load_tokenizer() does for this model
};

/// Reads the configuration of `model`, as load_image_text_encoder() takes it. Throws Error(kModel).
ClipModelInfo read_clip_model_info(const std::filesystem::path& model);

}  // namespace kiloword
