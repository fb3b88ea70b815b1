#pragma once

#include <filesystem>
#include <memory>

#include "clip/config.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/model/preprocess_spec.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// Locations of the parts of a CLIP model.
struct ModelFiles {
  enum class ConfigKind {
    kHuggingFace,  ///< config.json and the files of transformers' processors
    kOpenClip,     ///< open_clip_config.json
    kNone          ///< OpenAI's names, without a configuration; shapes determine it
  };

  std::filesystem::path folder;  ///< of the tokenizer and the configuration
  std::filesystem::path config;
  ConfigKind config_kind = ConfigKind::kHuggingFace;
  std::shared_ptr<const Checkpoint> weights;  ///< already open if the model is one file, else null
};

/// Finds the parts of `model`, a folder or a weight file. A folder without configuration may be one of
/// sentence-transformers, or contain a single weight file with OpenAI's names. In a folder with both
/// configurations, config.json is used if it is that of a CLIP model, else OpenCLIP's. Throws Error(kModel)
/// that names the missing part.
ModelFiles find_model_files(const std::filesystem::path& model);

ClipConfig read_config(const ModelFiles& files);
PreprocessSpec read_preprocessing(const ModelFiles& files, const ClipConfig& config);

/// The cleaning of texts before tokenization, which depends on the layout.
TextCleaning find_cleaning(const ModelFiles& files, const ClipConfig& config);

/// The side at which the model's tokenizer truncates texts: `truncation_side` of tokenizer_config.json; the
/// end for OpenAI's and OpenCLIP's own tokenizers.
CutSide find_cut_side(const ModelFiles& files, TextCleaning cleaning);
std::shared_ptr<const Checkpoint> open_weights(const ModelFiles& files);

/// Opens the weights of the third-party image tower `network`: the file `network`.pth in the model's folder,
/// else the first existing of image_tower_files(). Throws Error(kModel) with installation instructions if
/// there is none.
std::shared_ptr<const Checkpoint> open_network(const ModelFiles& files, const std::string& network);

}  // namespace kiloword
