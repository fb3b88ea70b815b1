#include "clip/fingerprints.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "clip/tensor_names.h"
#include "kiloword/base/file.h"
#include "kiloword/base/hash.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxTokenizerBytes = 256 << 20;

/// Part by part, so that no more of a mapped file is in memory, however large the tensor.
void add_values(const Checkpoint& file, std::string_view bytes, Fingerprint& fingerprint) {
  constexpr size_t kPart = 16 << 20;
  fingerprint.begin_field(bytes.size());
  for (size_t begin = 0; begin < bytes.size(); begin += kPart) {
    const std::string_view part = bytes.substr(begin, kPart);
    fingerprint.append(part);
    file.release(part);
  }
}

void add_tensors(const Checkpoint& file, bool (*belongs)(const std::string& name), Fingerprint& fingerprint) {
  for (const auto& [name, view] : file.tensors()) {
    if (!belongs(name)) continue;
    fingerprint.add(name).add(tensor_type_name(view.type));
    add_values(file, view.bytes, fingerprint);
  }
}

}  // namespace

std::string fingerprint_text(const Checkpoint& file, const ClipConfig& config, const TextFraming& framing,
                             const fs::path& folder, TextCleaning cleaning, const std::string& precision) {
  Fingerprint fingerprint;
  fingerprint.add("text 2").add(precision);
  const TextConfig& text = config.text;
  const std::vector<int64_t> settings{text.vocab_size,
                                      text.width,
                                      text.hidden,
                                      text.layers,
                                      text.heads,
                                      text.context_length,
                                      static_cast<int64_t>(text.activation),
                                      framing.start_id,
                                      framing.end_id,
                                      framing.pool_at_highest ? 1 : 0,
                                      framing.pad_id,
                                      static_cast<int64_t>(config.family),
                                      config.projection_dim};
  for (const int64_t value : settings) fingerprint.add(std::to_string(value));
  fingerprint.add(std::to_string(text.norm_epsilon * 1e12));
  if (text.class_token) fingerprint.add("class token");
  if (framing.cut_side == CutSide::kStart) fingerprint.add("cut at the start");
  add_tensors(
      file, [](const std::string& name) { return !is_image_tensor(name); }, fingerprint);
  std::vector<fs::path> tokenizer_files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool belongs = entry.path().extension() == ".model" || name == "vocab.json" ||
                         name == "merges.txt" || name == "tokenizer.json" ||
                         name == "tokenizer_config.json" || name == "special_tokens_map.json" ||
                         name == "added_tokens.json" || entry.path().extension() == ".gz";
    if (belongs && entry.is_regular_file()) tokenizer_files.push_back(entry.path());
  }
  std::sort(tokenizer_files.begin(), tokenizer_files.end());
  // What is done to texts, of which SentencePiece's files say everything, was another thing once.
  const bool has_rules =
      cleaning != TextCleaning::kNone ||
      std::any_of(tokenizer_files.begin(), tokenizer_files.end(), [](const fs::path& path) {
        return path.filename() == "vocab.json" || path.filename() == "tokenizer.json" ||
               path.extension() == ".gz";
      });
  // Once the marks that these name were no tokens of CLIP's texts.
  const bool has_marks =
      config.family == ClipFamily::kClip &&
      std::any_of(tokenizer_files.begin(), tokenizer_files.end(), [](const fs::path& path) {
        return path.filename() == "tokenizer_config.json" || path.filename() == "special_tokens_map.json";
      });
  if (has_rules) {
    fingerprint.add(has_marks ? "texts 3" : "texts 2").add(std::to_string(static_cast<int>(cleaning)));
  }
  // SentencePiece's library once read the Unigram vocabulary of a tokenizer.json.
  const bool has_json = std::any_of(tokenizer_files.begin(), tokenizer_files.end(),
                                    [](const fs::path& path) { return path.filename() == "tokenizer.json"; });
  if (config.family == ClipFamily::kSiglip && has_json) fingerprint.add("unigram 2");
  for (const fs::path& path : tokenizer_files) {
    fingerprint.add(path.filename().string()).add(read_file(path, kMaxTokenizerBytes, ErrorKind::kModel));
  }
  return fingerprint.hex();
}

std::string fingerprint_model(const std::string& text_fingerprint, const Checkpoint& file,
                              const Checkpoint* network, const VisionConfig& vision,
                              const PreprocessSpec& preprocess) {
  Fingerprint fingerprint;
  fingerprint.add("model 2").add(text_fingerprint);
  std::vector<int64_t> settings{static_cast<int64_t>(vision.kind),
                                vision.image_size,
                                vision.width,
                                vision.heads,
                                vision.patch_size,
                                vision.hidden,
                                vision.layers,
                                static_cast<int64_t>(vision.activation),
                                vision.stem_pool ? 1 : 0,
                                preprocess.size_px,
                                preprocess.mode != ResizeMode::kStretch ? 1 : 0,
                                static_cast<int64_t>(preprocess.filter)};
  settings.insert(settings.end(), vision.stage_blocks.begin(), vision.stage_blocks.end());
  for (const int64_t value : settings) fingerprint.add(std::to_string(value));
  fingerprint.add(std::to_string(vision.norm_epsilon * 1e12));
  for (const float value : preprocess.mean) fingerprint.add(std::to_string(value * 1e6F));
  for (const float value : preprocess.std) fingerprint.add(std::to_string(value * 1e6F));
  add_tensors(file, is_image_tensor, fingerprint);
  // Only where they are there: other models' fingerprints stay what they were.
  if (preprocess.margin_px != 0) fingerprint.add("margin").add(std::to_string(preprocess.margin_px));
  if (preprocess.mode == ResizeMode::kLongest) fingerprint.add("longest");
  if (preprocess.mode == ResizeMode::kPatches)
    fingerprint.add("patches").add(std::to_string(preprocess.max_patches));
  if (preprocess.level_range != PreprocessSpec().level_range)
    fingerprint.add("levels").add(std::to_string(preprocess.level_range));
  if (vision.kind == VisionKind::kCoca) fingerprint.add("pooler").add(std::to_string(vision.pool_heads));
  if (network != nullptr) {
    for (const double scale : {vision.width_coefficient, vision.depth_coefficient})
      fingerprint.add(std::to_string(scale));
    add_tensors(
        *network, [](const std::string&) { return true; }, fingerprint);
  }
  return fingerprint.hex();
}

}  // namespace kiloword
