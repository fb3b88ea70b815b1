#pragma once

#include <filesystem>
#include <memory>

#include "clip/config.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/model/preprocess_spec.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// Where the parts of a CLIP model lie.
struct ModelFiles {
  enum class ConfigKind {
    kHuggingFace,  ///< config.json and what transformers' processors save
    kOpenClip,     ///< open_clip_config.json
    kNone          ///< OpenAI's own weights, whose shapes say everything
  };

  std::filesystem::path folder;  ///< of the tokenizer and the configuration
  std::filesystem::path config;
  ConfigKind config_kind = ConfigKind::kHuggingFace;
  std::shared_ptr<const Checkpoint> weights;  ///< opened already where the model is one file, else none
};

/// Finds the parts of `model`, a folder or a file of weights; a folder without settings may be one of
/// sentence-transformers or hold one file of OpenAI's. A folder with both
/// configurations is taken for Hugging Face's where config.json is a CLIP model's, else for OpenCLIP's.
/// Throws Error(kModel) that names what is missing.
ModelFiles find_model_files(const std::filesystem::path& model);

ClipConfig read_config(const ModelFiles& files);
PreprocessSpec read_preprocessing(const ModelFiles& files, const ClipConfig& config);

/// What is done to texts before they become tokens, which every layout has its own ways of.
TextCleaning find_cleaning(const ModelFiles& files, const ClipConfig& config);

/// Where the model's tokenizer cuts texts that are too long: `truncation_side` of tokenizer_config.json; at
/// the end with OpenAI's and OpenCLIP's own tokenizers.
CutSide find_cut_side(const ModelFiles& files, TextCleaning cleaning);
std::shared_ptr<const Checkpoint> open_weights(const ModelFiles& files);

/// The weights of an image tower that are no part of the model, `network` by name: the file `network`.pth in
/// the model's folder, else the first of image_tower_files(). Throws Error(kModel) that says how to get it
/// where there is none.
std::shared_ptr<const Checkpoint> open_network(const ModelFiles& files, const std::string& network);

}  // namespace kiloword
