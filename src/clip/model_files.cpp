#include "clip/model_files.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

#include "clip/open_clip_config.h"
#include "clip/openai_config.h"
#include "clip/preprocessor_config.h"
#include "kiloword/base/error.h"
#include "kiloword/base/paths.h"
#include "kiloword/checkpoint/config_reader.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using ConfigKind = ModelFiles::ConfigKind;

constexpr const char* kHuggingFaceName = "config.json";
constexpr const char* kOpenClipName = "open_clip_config.json";

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// Chooses between the two configurations that `files.folder` may hold: timm's repositories have a
/// config.json of their own beside OpenCLIP's.
void choose_config(ModelFiles& files) {
  const fs::path own = files.folder / kHuggingFaceName;
  const fs::path open_clip = files.folder / kOpenClipName;
  const bool take_open_clip =
      is_there(open_clip) && (!is_there(own) || !ConfigReader::open(own).is_object("text_config"));
  files.config_kind = take_open_clip ? ConfigKind::kOpenClip : ConfigKind::kHuggingFace;
  files.config = take_open_clip ? open_clip : require_model_file(files.folder, kHuggingFaceName);
}

bool holds_config(const fs::path& folder) {
  return is_there(folder / kHuggingFaceName) || is_there(folder / kOpenClipName);
}

/// A model that is `file` and what stands beside it. Without settings its names have to be OpenAI's, whose
/// shapes say everything.
ModelFiles from_one_file(const fs::path& file) {
  ModelFiles files;
  files.folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  files.weights = Checkpoint::open(file);
  const bool openai = is_openai_checkpoint(*files.weights) ||
                      (!holds_config(files.folder) && has_openai_names(*files.weights));
  if (openai) {
    files.config_kind = ConfigKind::kNone;
  } else {
    choose_config(files);
  }
  return files;
}

/// The one file of weights in a folder without settings: OpenAI's model.pt.
std::optional<fs::path> lone_weights(const fs::path& folder) {
  std::optional<fs::path> found;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".pt" && extension != ".pth" && extension != ".bin" && extension != ".safetensors")
      continue;
    if (found) return std::nullopt;
    found = entry.path();
  }
  return found;
}

/// Where sentence-transformers has the model of a folder with modules.json: "0_CLIPModel" or the folder
/// itself.
fs::path nested_model(const fs::path& folder) {
  const fs::path modules = folder / "modules.json";
  if (holds_config(folder) || !is_there(modules)) return folder;
  const std::vector<ConfigReader> list = ConfigReader::open_list(modules);
  if (list.empty()) return folder;
  for (size_t i = 1; i < list.size(); ++i) {
    const std::string type = list[i].text("type", "");
    const size_t dot = type.rfind('.');
    if (type.substr(dot == std::string::npos ? 0 : dot + 1) != "Normalize")
      list[i].refuse("type", "is \"" + type + "\", a layer after the model, which is not supported");
  }
  const std::string path = list[0].text("path", "");
  if (path.find('/') != std::string::npos || path.substr(0, 1) == ".")
    list[0].fail("path", "is not a folder beside the file");
  return path.empty() ? folder : folder / path;
}

}  // namespace

ModelFiles find_model_files(const fs::path& model) {
  ModelFiles files;
  std::error_code ignored;
  if (fs::is_regular_file(model, ignored)) return from_one_file(model);
  files.folder = nested_model(model);
  if (!holds_config(files.folder)) {
    if (const std::optional<fs::path> alone = lone_weights(files.folder)) return from_one_file(*alone);
  }
  choose_config(files);
  return files;
}

ClipConfig read_config(const ModelFiles& files) {
  switch (files.config_kind) {
    case ConfigKind::kHuggingFace:
      return read_clip_config(files.config);
    case ConfigKind::kOpenClip:
      return read_open_clip_config(files.config);
    case ConfigKind::kNone:
      break;
  }
  return read_openai_config(*files.weights);
}

PreprocessSpec read_preprocessing(const ModelFiles& files, const ClipConfig& config) {
  const auto size = static_cast<int>(config.vision.image_size);
  if (files.config_kind == ConfigKind::kOpenClip) return read_open_clip_preprocessing(files.config, size);
  if (files.config_kind == ConfigKind::kNone) {
    PreprocessSpec spec;
    spec.size_px = size;
    return spec;
  }
  if (config.vision.kind == VisionKind::kNaFlex)
    return read_naflex_processor(files.folder, static_cast<int>(config.vision.patch_size));
  return read_image_processor(files.folder, size, config.family);
}

TextCleaning find_cleaning(const ModelFiles& files, const ClipConfig& config) {
  if (files.config_kind != ConfigKind::kHuggingFace) {
    return config.family == ClipFamily::kSiglip ? TextCleaning::kRepairedCanonical : config.text.cleaning;
  }
  if (config.family != ClipFamily::kSiglip) return TextCleaning::kNone;
  constexpr const char* kClass = "SiglipTokenizer";
  const fs::path path = files.folder / "tokenizer_config.json";
  if (!is_there(path)) return TextCleaning::kCanonical;
  const ConfigReader settings = ConfigReader::open(path);
  // Its models with another tokenizer (SigLIP 2) only take lower case.
  if (settings.text("tokenizer_class", kClass) != kClass) return TextCleaning::kLower;
  if (!settings.boolean("do_lower_case", true))
    settings.refuse("do_lower_case", "is false, which is not supported");
  return TextCleaning::kCanonical;
}

CutSide find_cut_side(const ModelFiles& files, TextCleaning cleaning) {
  const bool is_own = files.config_kind == ConfigKind::kNone || cleaning == TextCleaning::kRepaired ||
                      cleaning == TextCleaning::kOpenAiCased || cleaning == TextCleaning::kOpenAiCanonical;
  const fs::path path = files.folder / "tokenizer_config.json";
  if (is_own || !is_there(path)) return CutSide::kEnd;
  const ConfigReader settings = ConfigReader::open(path);
  const std::string side = settings.text("truncation_side", "right");
  if (side != "left" && side != "right") settings.fail("truncation_side", "is neither left nor right");
  return side == "left" ? CutSide::kStart : CutSide::kEnd;
}

std::shared_ptr<const Checkpoint> open_weights(const ModelFiles& files) {
  if (files.weights != nullptr) return files.weights;
  return Checkpoint::open(find_weights(files.folder, files.config_kind == ConfigKind::kOpenClip));
}

std::shared_ptr<const Checkpoint> open_network(const ModelFiles& files, const std::string& network) {
  std::vector<fs::path> places = image_tower_files(network);
  places.insert(places.begin(), files.folder / (network + ".pth"));
  const auto found = std::find_if(places.begin(), places.end(), is_there);
  if (found != places.end()) return Checkpoint::open(*found);
  throw Error(ErrorKind::kModel, "the image tower " + network + ", which the model needs, is not installed",
              files.folder.string(),
              "download its package and run: kiloword models add FILE (kiloword models info " + network +
                  " says which)");
}

}  // namespace kiloword
