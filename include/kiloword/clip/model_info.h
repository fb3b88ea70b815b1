#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// The properties of a model according to its configuration; weights are not read.
struct ClipModelInfo {
  /// "vision transformer, 12 layers, width 768, patches of 32 px, images of 224 px"
  std::string image_tower;
  std::string text_tower;  ///< "transformer, 12 layers, width 512, 77 tokens, vocabulary of 49408"
  /// The image tower whose weights are not part of the model ("efficientnet-lite0"); empty: none.
  std::string network;
  std::string images;  ///< "224 x 224 px"
  int64_t embedding_dim = 0;
  int context_length = 0;                       ///< maximum tokens of a text, including start and end
  std::filesystem::path tokenizer;              ///< the argument of load_tokenizer()
  TextCleaning cleaning = TextCleaning::kNone;  ///< text cleaning for load_tokenizer()
};

/// Reads the configuration of `model`, a path as for load_image_text_encoder(). Throws Error(kModel).
ClipModelInfo read_clip_model_info(const std::filesystem::path& model);

}  // namespace kiloword
