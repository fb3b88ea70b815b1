#include "clip/caption_decoder.h"

#include <string>
#include <utility>

#include "clip/tensor_names.h"
#include "kiloword/nn/attention.h"
#include "kiloword/nn/conversion.h"

namespace kiloword {
namespace {

const std::string kDecoder = "text_decoder.";

TransformerShape shape_of(const ClipConfig& config) {
  TransformerShape shape;
  shape.layers = config.decoder->layers;
  shape.width = config.text.width;
  shape.heads = config.decoder->heads;
  shape.hidden = config.decoder->hidden;
  shape.activation = config.decoder->activation;
  shape.norm_epsilon = config.decoder->norm_epsilon;
  shape.causal = true;
  shape.rows = {};
  return shape;
}

LinearSpec linear_spec(const std::string& name, int64_t inputs, int64_t outputs) {
  LinearSpec spec;
  spec.weights = {{name + ".weight", {outputs, inputs}}};
  spec.biases = {{name + ".bias", {outputs}}};
  spec.inputs = inputs;
  spec.rows = {};
  spec.may_be_int8 = true;
  return spec;
}

/// `count` of the three parts of torch.nn.MultiheadAttention's weights, queries, keys and values, from
/// `first` on.
LinearSpec attention_spec(const std::string& name, int64_t width, int64_t first, int64_t count) {
  LinearSpec spec;
  spec.weights = {{name + ".in_proj_weight", {3 * width, width}}};
  spec.biases = {{name + ".in_proj_bias", {3 * width}}};
  spec.inputs = width;
  spec.rows = {};
  spec.first_output = first * width;
  spec.outputs = count * width;
  spec.may_be_int8 = true;
  return spec;
}

LinearSpec head_spec(const ClipConfig& config) {
  LinearSpec spec;
  spec.weights = {{kDecoder + "text_projection", {config.text.width, config.text.vocab_size}}};
  spec.inputs = config.text.width;
  spec.transposed = true;
  spec.rows = {};
  return spec;
}

}  // namespace

CrossBlock::CrossBlock(WeightLoader& loader, const Compute& compute, const TransformerShape& shape,
                       const std::string& name)
    : type_(compute.type),
      shape_(shape),
      norm_1_(loader, compute, name + "ln_1", shape.width, shape.norm_epsilon),
      key_norm_(loader, compute, name + "ln_1_kv", shape.width, shape.norm_epsilon),
      query_(loader, compute, attention_spec(name + "attn", shape.width, 0, 1)),
      key_value_(loader, compute, attention_spec(name + "attn", shape.width, 1, 2)),
      out_(loader, compute, linear_spec(name + "attn.out_proj", shape.width, shape.width)),
      norm_2_(loader, compute, name + "ln_2", shape.width, shape.norm_epsilon),
      hidden_(loader, compute, linear_spec(name + "mlp.c_fc", shape.width, shape.hidden)),
      hidden_out_(loader, compute, linear_spec(name + "mlp.c_proj", shape.hidden, shape.width)) {}

at::Tensor CrossBlock::read(const at::Tensor& findings) const {
  return key_value_(converted(key_norm_(findings), type_));  // [N, 2C]
}

void CrossBlock::operator()(at::Tensor& x, const at::Tensor& key_value) const {
  const at::Tensor query = query_(converted(norm_1_(x), type_));  // [M, C]
  add_into(x, out_(cross_attention(query, key_value.narrow(1, 0, shape_.width),
                                   key_value.narrow(1, shape_.width, shape_.width), 1, shape_.heads)));
  at::Tensor hidden = hidden_(converted(norm_2_(x), type_));  // [M, hidden]
  activate(hidden, shape_.activation);
  add_into(x, hidden_out_(hidden));
}

CaptionDecoder::CaptionDecoder(WeightLoader& loader, const Compute& compute, const ClipConfig& config)
    : compute_(compute),
      shape_(shape_of(config)),
      final_norm_(loader, compute, kDecoder + "ln_final", shape_.width, shape_.norm_epsilon),
      head_(loader, compute, head_spec(config)) {
  for (const BlockNames& names : open_clip_blocks(kDecoder, shape_.layers))
    causal_.emplace_back(loader, compute, shape_, names);
  for (int64_t i = 0; i < shape_.layers; ++i)
    cross_.emplace_back(loader, compute, shape_, kDecoder + "cross_attn." + std::to_string(i) + ".");
}

CaptionDecoder::Image CaptionDecoder::read(const at::Tensor& findings) const {
  Image image;
  for (const CrossBlock& block : cross_) image.push_back(block.read(findings));
  return image;
}

TokenTreeCache CaptionDecoder::make_cache() const {
  return {shape_.layers, shape_.width, compute_};
}

at::Tensor CaptionDecoder::extend(const at::Tensor& rows, TokenTreeCache& cache, const Image& image) const {
  NodeRows nodes;
  nodes.x = rows.clone();
  for (int64_t node = cache.size() - rows.size(0); node < cache.size(); ++node) nodes.nodes.push_back(node);
  for (size_t layer = 0; layer < cross_.size(); ++layer) {
    causal_[layer].extend(nodes, cache, static_cast<int64_t>(layer));
    cross_[layer](nodes.x, image[layer]);
  }
  return head_(final_norm_(nodes.x).to(compute_.type)).to(at::kFloat);  // [M, V]
}

}  // namespace kiloword
