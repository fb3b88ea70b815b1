// Settings of models. The first byte, a digit, chooses whose: Hugging Face's of CLIP and SigLIP, OpenCLIP's
// of networks and of images, Hugging Face's of images, those of language models, kiloword.json, NaFlex's of
// images, or a chat template (a NUL and a message behind it).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "clip/config.h"
#include "clip/open_clip_config.h"
#include "clip/preprocessor_config.h"
#include "fuzz/memory_file.h"
#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/lm/model_info.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "lm/chat_template.h"
#include "lm/gpt2_config.h"
#include "lm/gpt_neox_config.h"
#include "lm/llama_config.h"
#include "lm/opt_config.h"
#include "models/model_settings.h"

namespace {

constexpr int kImageSize = 224;
constexpr int kPatch = 16;

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_within(int64_t value, int64_t low, int64_t high) {
  return value >= low && value <= high;
}

template <typename Tower>
void check_transformer(const Tower& tower) {
  require(is_within(tower.hidden, 1, kiloword::kMaxTowerHidden));
  require(is_within(tower.layers, 1, kiloword::kMaxTowerLayers));
  require(tower.norm_epsilon > 0 && tower.norm_epsilon <= 0.1);
}

void check_clip(const kiloword::ClipConfig& config) {
  const kiloword::VisionConfig& vision = config.vision;
  require(is_within(vision.image_size, 1, kiloword::kMaxImageSize));
  require(is_within(vision.width, 1, kiloword::kMaxTowerWidth));
  switch (vision.kind) {
    case kiloword::VisionKind::kModifiedResNet:
      require(vision.stage_blocks.size() == 4 && vision.width % 2 == 0);
      require(vision.heads >= 1 && vision.width * 32 % vision.heads == 0);
      break;
    case kiloword::VisionKind::kFastVit:
      require(vision.stage_blocks.size() == 4 || vision.stage_blocks.size() == 5);
      require(vision.image_size >= 32 && vision.width % 8 == 0 && is_within(vision.hidden_ratio, 1, 4));
      break;
    case kiloword::VisionKind::kEfficientNetLite:
      require(!vision.network.empty() && vision.network.find('/') == std::string::npos);
      require(vision.width_coefficient > 0 && vision.depth_coefficient > 0);
      break;
    case kiloword::VisionKind::kPerceptionEncoder:
      check_transformer(vision);
      require(vision.width % (4 * vision.heads) == 0 && vision.image_size % vision.patch_size == 0);
      break;
    case kiloword::VisionKind::kNaFlex:
      require(is_within(vision.position_grid * vision.position_grid, 1, kiloword::kMaxPatches));
      require(vision.image_size == vision.position_grid * vision.patch_size);
      [[fallthrough]];
    default:
      if (vision.kind == kiloword::VisionKind::kCoca) {
        require(is_within(vision.pool_queries, 2, kiloword::kMaxPatches) && vision.pool_heads >= 1);
        require(config.projection_dim % vision.pool_heads == 0 && config.text.class_token);
        require(config.decoder && config.text.width % config.decoder->heads == 0);
        require(config.text.width == config.projection_dim);
      }
      check_transformer(vision);
      require(is_within(vision.patch_size, 1, vision.image_size));
      require(vision.heads >= 1 && vision.width % vision.heads == 0);
  }
  const kiloword::TextConfig& text = config.text;
  check_transformer(text);
  require(is_within(text.width, 1, kiloword::kMaxTowerWidth) && text.heads >= 1 &&
          text.width % text.heads == 0);
  require(is_within(text.vocab_size, 1, kiloword::kMaxVocabulary));
  require(is_within(text.context_length, 2, kiloword::kMaxContext));
  require(is_within(config.projection_dim, 1, kiloword::kMaxTowerWidth));
}

template <typename Config>
void check_language_model(const Config& config) {
  check_transformer(config);
  require(config.width >= 1 && config.heads >= 1);
  require(config.bos_id >= -1 && config.bos_id < config.vocab_size);
  for (const int32_t eos_id : config.eos_ids) require(eos_id >= 0 && eos_id < config.vocab_size);
  require(config.context_length >= 2);
}

void check_rotary(const kiloword::RotaryShape& rotary, int64_t head_dim) {
  require(is_within(rotary.dim, 2, head_dim) && rotary.dim % 2 == 0);
  require(rotary.base >= 1 && rotary.linear_stretch >= 1 && rotary.stretch.factor >= 1);
  require(rotary.stretch.high_frequency > rotary.stretch.low_frequency);
}

void check_language_model(const std::filesystem::path& path) {
  const std::string type = kiloword::language_model_type(path);
  if (type == "gpt_neox") {
    const kiloword::GptNeoxConfig config = kiloword::read_gpt_neox_config(path);
    check_language_model(config);
    require(config.width % config.heads == 0);
    check_rotary(config.rotary, config.width / config.heads);
  } else if (type == "opt") {
    const kiloword::OptConfig config = kiloword::read_opt_config(path);
    check_language_model(config);
    require(config.width % config.heads == 0 && config.token_width >= 1);
  } else if (kiloword::is_llama_family(type)) {
    const kiloword::LlamaConfig config = kiloword::read_llama_config(path);
    check_language_model(config);
    require(config.heads % config.key_heads == 0);
    check_rotary(config.rotary, config.head_dim);
  } else {
    const kiloword::Gpt2Config config = kiloword::read_gpt2_config(path);
    check_language_model(config);
    require(config.width % config.heads == 0);
  }
}

void check_channels(const kiloword::PreprocessSpec& spec) {
  require(spec.level_range > 0);
  for (size_t channel = 0; channel < 3; ++channel) {
    require(std::isfinite(spec.mean[channel]) && std::isfinite(spec.std[channel]) && spec.std[channel] > 0);
  }
}

void check_preprocessing(const kiloword::PreprocessSpec& spec) {
  check_channels(spec);
  require(spec.size_px == kImageSize && is_within(spec.margin_px, 0, kiloword::kMaxImageSize));
}

void check_naflex(const kiloword::PreprocessSpec& spec) {
  check_channels(spec);
  require(spec.patch_px == kPatch && is_within(spec.max_patches, 1, kiloword::kMaxPatches));
  require(is_within(spec.size_px / kPatch, 1, spec.max_patches));
}

/// A folder with the settings `content`; it goes when the program ends.
class SettingsFolder {
 public:
  SettingsFolder() : path_(::mkdtemp(name_.data())) {}
  SettingsFolder(const SettingsFolder&) = delete;
  SettingsFolder& operator=(const SettingsFolder&) = delete;
  ~SettingsFolder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& with(std::string_view content) const {
    std::ofstream(path_ / "preprocessor_config.json", std::ios::binary) << content;
    return path_;
  }

 private:
  std::string name_ = "/tmp/kiloword-fuzz-XXXXXX";
  std::filesystem::path path_;
};

const std::filesystem::path& folder_with(std::string_view content) {
  static const SettingsFolder kFolder;
  return kFolder.with(content);
}

/// A token for each byte, and one for each mark of the known chat templates.
class ByteTokens : public kiloword::Tokenizer {
 public:
  static constexpr int32_t kBytes = 256;

  std::vector<int32_t> encode(std::string_view text) const override {
    std::vector<int32_t> ids;
    for (const char c : text) ids.push_back(static_cast<unsigned char>(c));
    return ids;
  }
  std::string decode(const std::vector<int32_t>& ids) const override {
    std::string text;
    for (const int32_t id : ids) text += piece(id);
    return text;
  }
  std::string piece(int32_t id) const override {
    return id < kBytes ? std::string(1, static_cast<char>(id)) : kMarks.at(static_cast<size_t>(id - kBytes));
  }
  int32_t vocab_size() const override { return kBytes + static_cast<int32_t>(kMarks.size()); }
  int32_t start_id() const override { return -1; }
  int32_t end_id() const override { return kBytes; }

 private:
  const std::vector<std::string> kMarks{"</s>",
                                        "<|im_start|>",
                                        "<|im_end|>",
                                        "<|begin_of_text|>",
                                        "<|start_header_id|>",
                                        "<|end_header_id|>",
                                        "<|eot_id|>"};
};

/// Whatever the message: as many marks as with an empty one, and the answer behind them.
void check_chat(std::string_view content) {
  const size_t end = std::min(content.find('\0'), content.size());
  const std::string message(content.substr(std::min(end + 1, content.size())));
  const auto chat =
      kiloword::ChatTemplate::parse(std::string(content.substr(0, end)), "template", "</s>", false);
  const ByteTokens tokens;
  const auto marks_of = [&](const std::string& text) {
    const kiloword::ChatPrompt prompt = chat.encode(tokens, text, "answer");
    require(prompt.header + 6 == prompt.ids.size());
    return std::count_if(prompt.ids.begin(), prompt.ids.end(),
                         [](int32_t id) { return id >= ByteTokens::kBytes; });
  };
  try {
    require(marks_of(message) == marks_of(""));
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kUsage && kiloword::is_valid_utf8(error.what()));
  }
}

void read(unsigned kind, std::string_view content) {
  const kiloword::fuzz::MemoryFile file(content);
  switch (kind) {
    case 0:
      check_clip(kiloword::read_clip_config(file.path()));
      break;
    case 1:
      check_clip(kiloword::read_open_clip_config(file.path()));
      break;
    case 2:
      check_preprocessing(kiloword::read_open_clip_preprocessing(file.path(), kImageSize));
      break;
    case 3:
      check_preprocessing(
          kiloword::read_image_processor(folder_with(content), kImageSize, kiloword::ClipFamily::kClip));
      break;
    case 4:
      check_language_model(std::filesystem::path(file.path()));
      break;
    case 7:
      check_chat(content);
      break;
    case 6:
      check_naflex(kiloword::read_naflex_processor(folder_with(content), kPatch));
      break;
    default:
      const kiloword::ModelSettings settings = kiloword::parse_model_settings(content, "kiloword.json");
      require(settings.description == kiloword::printable(settings.description));
  }
}

}  // namespace

/// Whatever the bytes: settings of which a network can be made, or one clear error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr unsigned kKinds = 8;
  if (size == 0) return 0;
  try {
    read((data[0] - unsigned{'0'}) % kKinds, {reinterpret_cast<const char*>(data) + 1, size - 1});
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kModel && kiloword::is_valid_utf8(error.what()));
  }
  return 0;
}
