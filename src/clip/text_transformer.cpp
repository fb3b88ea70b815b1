#include "clip/text_transformer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "clip/prefix_text_encoder.h"
#include "clip/transformer_shape.h"

namespace kiloword {
namespace {

/// Rows of calls on the CPU: for few texts, with room for the longest, and for many.
std::vector<int64_t> group_rows_of(const TextConfig& text) {
  constexpr int64_t kMultiple = 16;
  constexpr int64_t kLeast = 64;  // fewer rows make the products slower than reading the weights
  const int64_t few = std::max(kLeast, (text.context_length + kMultiple - 1) / kMultiple * kMultiple);
  return {few, 4 * few};
}

/// Rows of the calls of a layer: any number in fp32, whose kernel is as fast for each and gives a row the
/// same bits whatever shares its call.
std::vector<int64_t> call_rows_of(const TextConfig& text, const Compute& compute) {
  return compute.type == at::kFloat ? std::vector<int64_t>{} : group_rows_of(text);
}

TransformerShape shape_of(const TextConfig& text, ClipFamily family, const Compute& compute) {
  TransformerShape shape = transformer_shape(text, call_rows_of(text, compute));
  shape.causal = family == ClipFamily::kClip && text.causal;
  return shape;
}

LinearSpec projection_spec(const ClipConfig& config, const TextTransformerNames& names,
                           const Compute& compute) {
  LinearSpec spec;
  const int64_t width = config.text.width;
  const int64_t projection_dim = config.projection_dim;
  spec.transposed = names.projection_transposed;
  spec.weights = {{names.projection, spec.transposed ? std::vector<int64_t>{width, projection_dim}
                                                     : std::vector<int64_t>{projection_dim, width}}};
  if (!names.projection_bias.empty()) spec.biases = {{names.projection_bias, {projection_dim}}};
  spec.inputs = width;
  spec.rows = call_rows_of(config.text, compute);
  return spec;
}

using Texts = std::vector<std::vector<int32_t>>;

/// Texts that go through the network in one call.
struct Group {
  std::vector<size_t> members;  ///< indices of texts
  int64_t rows = 0;             ///< of the call; the texts may leave some over
};

/// Groups of `texts`, longest first. On a CPU a group's texts fill the rows of one call, of the larger of
/// `row_choices` as long as they can; on a GPU (no choices) they are equally long, so that they form one
/// tensor.
std::vector<Group> group_texts(const Texts& texts, const std::vector<int64_t>& row_choices) {
  constexpr size_t kMaxTexts = 512;
  std::vector<size_t> order(texts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&texts](size_t a, size_t b) { return texts[a].size() > texts[b].size(); });
  const auto length_of = [&texts](size_t index) { return static_cast<int64_t>(texts[index].size()); };
  int64_t tokens = 0;  // not in a group yet
  for (const size_t index : order) tokens += length_of(index);
  std::vector<Group> groups;
  int64_t left = 0;
  for (const size_t index : order) {
    const int64_t length = length_of(index);
    const bool fits = row_choices.empty() ? !groups.empty() && groups.back().members.size() < kMaxTexts &&
                                                length_of(groups.back().members.front()) == length
                                          : length <= left;
    if (!fits) {
      groups.emplace_back();
      if (!row_choices.empty()) {
        left = tokens >= row_choices.back() ? row_choices.back() : row_choices.front();
        groups.back().rows = left;
      }
    }
    groups.back().members.push_back(index);
    if (row_choices.empty()) groups.back().rows += length;
    left -= length;
    tokens -= length;
  }
  return groups;
}

}  // namespace

TextTransformer::TextTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                                 const TextTransformerNames& names)
    : compute_(compute),
      pools_highest_(config.family == ClipFamily::kClip && !config.text.causal),
      class_id_(config.text.class_token ? static_cast<int32_t>(config.text.vocab_size) : -1),
      context_length_(config.text.context_length),
      width_(config.text.width),
      group_rows_(group_rows_of(config.text)),
      transformer_(loader, compute, shape_of(config.text, config.family, compute), names.blocks),
      final_norm_(loader, compute, names.final_norm, width_, config.text.norm_epsilon),
      projection_(loader, compute, projection_spec(config, names, compute)) {
  const int64_t extra = config.text.class_token ? 1 : 0;
  tokens_ = loader.rows({names.tokens, {config.text.vocab_size, width_}});
  std::vector<TensorSpec> specs{{names.positions, {context_length_ + extra, width_}}};
  if (config.text.class_token) specs.push_back({names.class_token, {width_}});
  loader.request(std::move(specs), [this](const std::vector<at::Tensor>& tensors) {
    positions_ = tensors[0].to(compute_.device);
    if (tensors.size() > 1) class_token_ = tensors[1];
  });
}

at::Tensor TextTransformer::token_rows(const std::vector<int64_t>& ids) const {
  if (class_id_ < 0) return tokens_(ids);
  std::vector<int64_t> in_table = ids;
  std::replace(in_table.begin(), in_table.end(), int64_t{class_id_}, int64_t{kFillingId});
  const at::Tensor tokens = tokens_(in_table);
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == class_id_) tokens[static_cast<int64_t>(i)].copy_(class_token_);
  }
  return tokens;
}

at::Tensor TextTransformer::embed(const std::vector<int64_t>& ids, std::vector<int64_t> places) const {
  const at::Tensor list = at::from_blob(places.data(), {static_cast<int64_t>(places.size())}, at::kLong);
  return token_rows(ids).to(compute_.device) +
         positions_.index_select(0, list.to(compute_.device));  // [M, C]
}

size_t TextTransformer::pooled_place(const std::vector<int32_t>& text) const {
  if (!pools_highest_) return text.size() - 1;
  return static_cast<size_t>(std::max_element(text.begin(), text.end()) - text.begin());
}

at::Tensor TextTransformer::project(const at::Tensor& pooled) const {
  return projection_(final_norm_(pooled).to(compute_.type)).to(at::kFloat);  // [N, D]
}

Rows TextTransformer::lay_out(const Texts& texts, int64_t row_count) const {
  std::vector<int64_t> ids;
  std::vector<int64_t> places;
  Rows rows;
  for (const std::vector<int32_t>& text : texts) {
    for (size_t i = 0; i < text.size(); ++i) {
      ids.push_back(text[i]);
      places.push_back(static_cast<int64_t>(i));
    }
    rows.lengths.push_back(static_cast<int64_t>(text.size()));
  }
  if (compute_.type != at::kFloat) {  // rows that belong to no text make the call a full one
    ids.resize(static_cast<size_t>(row_count), 0);
    places.resize(static_cast<size_t>(row_count), 0);
  }
  rows.x = embed(ids, std::move(places));  // [M, C]
  return rows;
}

at::Tensor TextTransformer::encode_trees(const Texts& texts) const {
  constexpr size_t kTextsAtOnce = 64;  // bounds the memory of keys and values
  std::vector<at::Tensor> embeddings;
  for (size_t begin = 0; begin < texts.size(); begin += kTextsAtOnce) {
    const size_t end = std::min(begin + kTextsAtOnce, texts.size());
    embeddings.push_back(PrefixTextEncoder(*this).encode({texts.begin() + static_cast<std::ptrdiff_t>(begin),
                                                          texts.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  return at::cat(embeddings);  // [N, D]
}

at::Tensor TextTransformer::operator()(const Texts& texts) const {
  if (class_id_ >= 0) return encode_trees(texts);
  at::Tensor pooled =
      at::empty({static_cast<int64_t>(texts.size()), width_}, positions_.options());  // [N, C]
  const std::vector<Group> groups =
      group_texts(texts, compute_.device.is_cpu() ? group_rows_ : std::vector<int64_t>{});
  constexpr size_t kGroupsAtOnce = 16;  // bounds the memory of activations
  for (size_t first = 0; first < groups.size(); first += kGroupsAtOnce) {
    const size_t last = std::min(groups.size(), first + kGroupsAtOnce);
    std::vector<Rows> rows;
    for (size_t g = first; g < last; ++g) {
      Texts members;
      for (const size_t index : groups[g].members) members.push_back(texts[index]);
      rows.push_back(lay_out(members, groups[g].rows));
    }
    transformer_(rows);
    for (size_t g = first; g < last; ++g) {
      int64_t begin = 0;
      for (const size_t index : groups[g].members) {
        const auto place = static_cast<int64_t>(pooled_place(texts[index]));
        pooled[static_cast<int64_t>(index)].copy_(rows[g - first].x[begin + place]);
        begin += static_cast<int64_t>(texts[index].size());
      }
    }
  }
  return project(pooled);
}

at::Tensor TextTransformer::embed_nodes(const TokenTreeCache& cache, const std::vector<int32_t>& ids) const {
  const int64_t first = cache.size() - static_cast<int64_t>(ids.size());
  std::vector<int64_t> places;
  for (size_t i = 0; i < ids.size(); ++i)
    places.push_back(ids[i] == class_id_ ? context_length_ : cache.depth(first + static_cast<int64_t>(i)));
  return embed({ids.begin(), ids.end()}, std::move(places));  // [N, C]
}

at::Tensor TextTransformer::rows(TokenTreeCache& cache, const std::vector<int32_t>& ids) const {
  std::vector<int64_t> all(ids.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  return transformer_.extend(embed_nodes(cache, ids), cache, all);
}

at::Tensor TextTransformer::extend(TokenTreeCache& cache, const std::vector<int32_t>& ids,
                                   const std::vector<int64_t>& wanted) const {
  return project(transformer_.extend(embed_nodes(cache, ids), cache, wanted));
}

}  // namespace kiloword
