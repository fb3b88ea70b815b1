#include "clip/clip_encoder.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <map>

#include "clip/coca_writer.h"
#include "clip/fingerprints.h"
#include "clip/prefix_text_encoder.h"
#include "kiloword/base/error.h"
#include "kiloword/nn/torch_error.h"

namespace kiloword {
namespace {

/// Pictures that go through the network together: bounds the memory of activations.
constexpr int64_t kImagesAtOnce = 32;

at::Tensor view_of(const std::vector<float>& pixels, int64_t begin, at::IntArrayRef shape) {
  // from_blob takes a mutable pointer; the towers only read.
  auto* data = const_cast<float*>(pixels.data() + begin);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  return at::from_blob(data, shape, at::kFloat);
}

/// Copies the rows of `parts`, one after another; returns the values of a row.
int64_t copy_rows(const std::vector<at::Tensor>& parts, std::vector<float>& to) {
  const at::Tensor rows = at::cat(parts).to(at::kCPU).contiguous();  // [N, values]
  to.assign(rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
  return rows.size(1);
}

}  // namespace

class ClipEncoder::GrowingTexts : public IncrementalTextEncoder {
 public:
  explicit GrowingTexts(const ClipEncoder& encoder)
      : encoder_(encoder), prefixes_(*encoder.parts_.text_tower) {}

  Embeddings encode(const std::vector<std::string>& texts) override {
    if (texts.empty()) return {0, encoder_.embedding_dim(), {}};
    std::vector<std::vector<int32_t>> sequences;
    sequences.reserve(texts.size());
    for (const std::string& text : texts) sequences.push_back(encoder_.tokens_of(text));
    return guard_torch(encoder_.parts_.name, [&] {
      const c10::InferenceMode inference;
      encoder_.parts_.compute.apply_threads();
      encoder_.parts_.load_text_tower();
      return encoder_.to_unit_length(prefixes_.encode(sequences));
    });
  }

 private:
  const ClipEncoder& encoder_;
  PrefixTextEncoder prefixes_;
};

ClipEncoder::ClipEncoder(ClipParts parts) : parts_(std::move(parts)) {}
ClipEncoder::~ClipEncoder() = default;

DescriptionModel* ClipEncoder::description_model() {
  if (!parts_.config.decoder || writer_) return writer_.get();
  guard_torch(parts_.name, [&] {
    const c10::InferenceMode inference;
    parts_.compute.apply_threads();
    parts_.load_text_tower();
    writer_ = std::make_unique<CocaWriter>(parts_);
  });
  parts_.image_tower->keep_findings();
  return writer_.get();
}

int ClipEncoder::count_tokens(const std::string& text) const {
  const TextFraming& framing = parts_.framing;
  const size_t count = parts_.tokenizer->encode(text).size();
  return static_cast<int>(count) + (framing.start_id >= 0 ? 1 : 0) + (framing.end_id >= 0 ? 1 : 0);
}

const std::string& ClipEncoder::fingerprint() const {
  std::call_once(fingerprint_once_, [this] {
    fingerprint_ = fingerprint_model(parts_.text_fingerprint, *parts_.weights, parts_.network.get(),
                                     parts_.config.vision, parts_.preprocess);
  });
  return fingerprint_;
}

std::vector<int32_t> ClipEncoder::tokens_of(const std::string& text) const {
  const TextFraming& framing = parts_.framing;
  std::vector<int32_t> ids = frame_tokens(parts_.tokenizer->encode(text), framing.start_id, framing.end_id,
                                          context_length(), framing.cut_side);
  if (framing.pad_id >= 0) {
    ids.resize(static_cast<size_t>(context_length()), framing.pad_id);
    return ids;
  }
  if (framing.class_id >= 0) {
    if (ids.size() < static_cast<size_t>(context_length())) ids.push_back(0);
    ids.push_back(framing.class_id);
    return ids;
  }
  const auto pooled = framing.pool_at_highest ? std::max_element(ids.begin(), ids.end())
                                              : std::find(ids.begin(), ids.end(), framing.end_id);
  if (pooled != ids.end()) ids.erase(pooled + 1, ids.end());
  return ids;
}

Embeddings ClipEncoder::to_unit_length(const at::Tensor& embeddings) const {
  const at::Tensor norms = embeddings.norm(2, {1}, true).clamp_min(1e-12);
  const at::Tensor unit = (embeddings / norms).to(at::kCPU).contiguous();  // [N, D]
  if (!at::isfinite(unit).all().item<bool>()) {
    throw Error(ErrorKind::kModel, "the network's output is not finite", parts_.name,
                "download the model again");
  }
  Embeddings result;
  result.rows = unit.size(0);
  result.dim = unit.size(1);
  result.values.assign(unit.data_ptr<float>(), unit.data_ptr<float>() + unit.numel());
  return result;
}

void ClipEncoder::refuse_pixels() const {
  throw Error(ErrorKind::kInternal, "the pixels do not match the images' sizes", parts_.name,
              "report this as a defect");
}

template <typename Features>
Embeddings ClipEncoder::encode_in_batches(int64_t count, const Features& features_of) {
  if (count == 0) return {0, embedding_dim(), {}};
  return guard_torch(parts_.name, [&] {
    const c10::InferenceMode inference;
    parts_.compute.apply_threads();
    std::vector<at::Tensor> embeddings;
    std::vector<at::Tensor> words;
    std::vector<at::Tensor> findings;
    for (int64_t i = 0; i < count; i += kImagesAtOnce) {
      const at::Tensor features = features_of(i, std::min(kImagesAtOnce, count - i));
      embeddings.push_back(parts_.image_tower->project(features));
      if (parts_.word_head) words.push_back((*parts_.word_head)(features));
      if (writer_) findings.push_back(features.slice(1, parts_.config.projection_dim));
    }
    Embeddings result = to_unit_length(at::cat(embeddings));
    if (parts_.word_head) result.word_count = copy_rows(words, result.words);
    if (writer_) result.finding_count = copy_rows(findings, result.findings);
    return result;
  });
}

Embeddings ClipEncoder::encode_images(const std::vector<float>& pixels, int64_t count) {
  const int64_t side = parts_.preprocess.size_px;
  if (count < 0 || static_cast<int64_t>(pixels.size()) != count * 3 * side * side) refuse_pixels();
  return encode_in_batches(count, [&](int64_t begin, int64_t batch) {
    return parts_.image_tower->features(view_of(pixels, begin * 3 * side * side, {batch, 3, side, side}));
  });
}

Embeddings ClipEncoder::encode_pictures(const std::vector<float>& pixels,
                                        const std::vector<PictureSize>& sizes) {
  const auto count = static_cast<int64_t>(sizes.size());
  const PreprocessSpec& spec = parts_.preprocess;
  if (spec.mode != ResizeMode::kPatches) {
    for (const PictureSize& size : sizes) {
      if (size.width != spec.size_px || size.height != spec.size_px) refuse_pixels();
    }
    return encode_images(pixels, count);
  }
  std::vector<int64_t> begins;
  int64_t values = 0;
  for (const PictureSize& size : sizes) {
    const int64_t across = size.width / spec.patch_px;
    const int64_t down = size.height / spec.patch_px;
    if (across < 1 || down < 1 || across * spec.patch_px != size.width ||
        down * spec.patch_px != size.height || across > spec.max_patches / down)
      refuse_pixels();
    begins.push_back(values);
    values += 3 * int64_t{size.width} * size.height;
  }
  if (values != static_cast<int64_t>(pixels.size())) refuse_pixels();
  return encode_in_batches(count, [&](int64_t begin, int64_t batch) {
    std::vector<at::Tensor> pictures;
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(begin + batch); ++i)
      pictures.push_back(view_of(pixels, begins[i], {3, sizes[i].height, sizes[i].width}));
    return parts_.image_tower->features_of(pictures);
  });
}

Embeddings ClipEncoder::encode_texts(const std::vector<std::string>& texts) {
  std::map<std::vector<int32_t>, int64_t> index_of;  // texts that are the same to the model are encoded once
  std::vector<std::vector<int32_t>> distinct;
  std::vector<int64_t> row_of_text;
  for (const std::string& text : texts) {
    std::vector<int32_t> ids = tokens_of(text);
    const auto [entry, is_new] = index_of.emplace(std::move(ids), static_cast<int64_t>(distinct.size()));
    if (is_new) distinct.push_back(entry->first);
    row_of_text.push_back(entry->second);
  }
  if (texts.empty()) return {0, embedding_dim(), {}};
  return guard_torch(parts_.name, [&] {
    const c10::InferenceMode inference;
    parts_.compute.apply_threads();
    parts_.load_text_tower();
    const Embeddings encoded = to_unit_length((*parts_.text_tower)(distinct));
    Embeddings result;
    result.rows = static_cast<int64_t>(texts.size());
    result.dim = encoded.dim;
    for (const int64_t row : row_of_text) {
      result.values.insert(result.values.end(), encoded.row(row), encoded.row(row) + encoded.dim);
    }
    return result;
  });
}

std::unique_ptr<IncrementalTextEncoder> ClipEncoder::growing_texts() {
  if (parts_.framing.pad_id >= 0) return ImageTextEncoder::growing_texts();
  return std::make_unique<GrowingTexts>(*this);
}

}  // namespace kiloword
