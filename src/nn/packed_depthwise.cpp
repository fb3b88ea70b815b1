#include "nn/packed_depthwise.h"

#include <vector>

#include "nn/depthwise_kernel.h"

namespace kiloword {

PackedDepthwise::PackedDepthwise(const FoldedWeights& folded, const Shape& shape)
    : shape_(shape), channels_(folded.weight.size(0)), kernel_(folded.weight.size(2)) {
  const int64_t more = padded_channels(channels_) - channels_;
  const at::Tensor by_place = folded.weight.squeeze(1).permute({1, 2, 0});  // [kernel, kernel, C]
  weight_ = at::constant_pad_nd(by_place, {0, more}).to(at::kFloat).contiguous();
  bias_ = at::constant_pad_nd(folded.bias, {0, more}).to(at::kFloat).contiguous();
}

at::Tensor PackedDepthwise::operator()(const at::Tensor& x) const {
  const at::Tensor in = x.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor out = at::empty({in.size(0), channels_, shape_.out_side, shape_.out_side}, in.options(),
                             at::MemoryFormat::ChannelsLast);
  DepthwiseProduct product;
  product.weights = weight_.data_ptr<float>();
  product.bias = bias_.data_ptr<float>();
  product.channels = channels_;
  product.side = shape_.side;
  product.out_side = shape_.out_side;
  product.kernel = kernel_;
  product.stride = shape_.stride;
  product.padding = shape_.padding;
  product.lowest = shape_.lowest;
  product.highest = shape_.highest;
  std::vector<float> scratch;
  for (int64_t i = 0; i < in.size(0); ++i) {
    const int64_t from = i * in.stride(0);
    const int64_t to = i * out.stride(0);
    if (in.scalar_type() == at::kBFloat16) {
      product.bf16_x = static_cast<const uint16_t*>(in.data_ptr()) + from;
      product.bf16_out = static_cast<uint16_t*>(out.data_ptr()) + to;
    } else {
      product.x = in.data_ptr<float>() + from;
      product.out = out.data_ptr<float>() + to;
    }
    convolve_depthwise(product, scratch);
  }
  return out;
}

}  // namespace kiloword
