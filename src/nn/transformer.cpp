#include "kiloword/nn/transformer.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <utility>

#include "kiloword/nn/attention.h"
#include "kiloword/nn/conversion.h"
#include "nn/vector_kernels.h"

namespace kiloword {
namespace {

/// Values that one thread takes at least.
constexpr int64_t kGrain = 16384;

LinearSpec linear_spec(std::vector<std::string> weights, std::vector<std::string> biases, int64_t inputs,
                       int64_t outputs, const BlockNames& names, const TransformerShape& shape) {
  const int64_t each = outputs / static_cast<int64_t>(weights.size());
  LinearSpec spec;
  for (std::string& name : weights) {
    spec.weights.push_back({std::move(name), names.transposed ? std::vector<int64_t>{inputs, each}
                                                              : std::vector<int64_t>{each, inputs}});
  }
  for (std::string& name : biases) spec.biases.push_back({std::move(name), {each}});
  spec.inputs = inputs;
  spec.rows = shape.rows;
  spec.transposed = names.transposed;
  spec.may_be_int8 = true;
  return spec;
}

LinearSpec linear_spec(const std::string& name, int64_t inputs, int64_t outputs, const BlockNames& names,
                       const TransformerShape& shape) {
  return linear_spec(std::vector<std::string>{name + ".weight"}, {name + ".bias"}, inputs, outputs, names,
                     shape);
}

using Kernel = void (*)(float*, int64_t);

/// bf16 values in pieces that stay in a core's cache as fp32.
void apply_to_bf16(Kernel kernel, uint16_t* values, int64_t count) {
  constexpr int64_t kPiece = 2048;
  std::array<float, kPiece> piece{};
  for (int64_t begin = 0; begin < count; begin += kPiece) {
    const int64_t size = std::min(kPiece, count - begin);
    widen(values + begin, size, piece.data());
    kernel(piece.data(), size);
    narrow(piece.data(), size, values + begin);
  }
}

void apply_kernel(at::Tensor& x, Kernel kernel) {
  void* values = x.data_ptr();
  const bool is_bf16 = x.scalar_type() == at::kBFloat16;
  at::parallel_for(0, x.numel(), kGrain, [=](int64_t begin, int64_t end) {
    if (is_bf16) {
      apply_to_bf16(kernel, static_cast<uint16_t*>(values) + begin, end - begin);
    } else {
      kernel(static_cast<float*>(values) + begin, end - begin);
    }
  });
}

}  // namespace

void activate(at::Tensor& x, Activation activation) {
  const bool has_kernel = x.device().is_cpu();
  if (activation == Activation::kGelu) {
    at::gelu_(x);
  } else if (activation == Activation::kRelu) {
    at::relu_(x);
  } else if (activation == Activation::kTanhGelu) {
    if (has_kernel) {
      apply_kernel(x, tanh_gelu);
    } else {
      at::gelu_(x, "tanh");
    }
  } else if (has_kernel) {
    apply_kernel(x, quick_gelu);
  } else {
    x.mul_(at::sigmoid(x * 1.702));
  }
}

TransformerBlock::TransformerBlock(WeightLoader& loader, const Compute& compute,
                                   const TransformerShape& shape, const BlockNames& names)
    : type_(compute.type),
      shape_(shape),
      norm_1_(loader, compute, names.norm_1, shape.width, shape.norm_epsilon),
      qkv_(loader, compute,
           linear_spec(names.qkv_weights, names.qkv_biases, shape.width, 3 * shape.width, names, shape)),
      out_(loader, compute, linear_spec(names.out, shape.width, shape.width, names, shape)),
      norm_2_(loader, compute, names.norm_2, shape.width, shape.norm_epsilon),
      hidden_(loader, compute, linear_spec(names.hidden, shape.width, shape.hidden, names, shape)),
      hidden_out_(loader, compute, linear_spec(names.hidden_out, shape.hidden, shape.width, names, shape)) {}

void TransformerBlock::operator()(Rows& rows, const PairTurns& turns) const {
  at::Tensor qkv = qkv_(converted(norm_1_(rows.x), type_));  // [M, 3C]
  if (turns.are_defined()) qkv = turn_pairs(qkv, shape_.heads, turns);
  add_into(rows.x, out_(self_attention(qkv, rows.lengths, shape_.heads, shape_.causal)));
  feed_forward(rows.x);
}

void TransformerBlock::feed_forward(at::Tensor& x) const {
  at::Tensor hidden = hidden_(converted(norm_2_(x), type_));  // [M, hidden]
  activate(hidden, shape_.activation);
  add_into(x, hidden_out_(hidden));
}

void TransformerBlock::extend(NodeRows& rows, TokenTreeCache& cache, int64_t layer) const {
  const at::Tensor qkv = qkv_(converted(norm_1_(rows.x), type_));  // [M, 3C]
  cache.store(layer, rows.nodes.front(), static_cast<int64_t>(rows.nodes.size()), qkv);
  add_into(rows.x, out_(cache.attend(layer, qkv.narrow(1, 0, shape_.width), rows.nodes, shape_.heads)));
  feed_forward(rows.x);
}

at::Tensor TransformerBlock::finish(const NodeRows& rows, const std::vector<int64_t>& wanted,
                                    TokenTreeCache& cache, int64_t layer) const {
  const at::Tensor qkv = qkv_(converted(norm_1_(rows.x), type_));  // [M, 3C]
  cache.store(layer, rows.nodes.front(), static_cast<int64_t>(rows.nodes.size()), qkv);
  const at::Tensor chosen = at::tensor(wanted, at::kLong).to(rows.x.device());
  std::vector<int64_t> nodes;
  nodes.reserve(wanted.size());
  for (const int64_t index : wanted) nodes.push_back(rows.nodes[static_cast<size_t>(index)]);
  const at::Tensor query = qkv.narrow(1, 0, shape_.width).index_select(0, chosen);  // [wanted, C]
  at::Tensor x = rows.x.index_select(0, chosen);                                    // [wanted, C]
  if (wanted.empty()) return x;
  add_into(x, out_(cache.attend(layer, query, nodes, shape_.heads)));
  feed_forward(x);
  return x;
}

Transformer::Transformer(WeightLoader& loader, const Compute& compute, const TransformerShape& shape,
                         const std::vector<BlockNames>& names)
    : compute_(compute), shape_(shape) {
  for (const BlockNames& block : names) blocks_.emplace_back(loader, compute, shape, block);
}

void Transformer::operator()(std::vector<Rows>& groups) const {
  for (const TransformerBlock& block : blocks_) {
    for (Rows& rows : groups) block(rows, turns_);
  }
}

std::vector<int64_t> Transformer::calls_of(int64_t count) const {
  constexpr int64_t kRowsAtOnce = 320;  // whose activations stay in a core's cache
  if (!compute_.device.is_cpu()) return {count};
  if (compute_.onednn && !shape_.rows.empty()) return split_into_calls(count, shape_.rows);
  std::vector<int64_t> calls(static_cast<size_t>(count / kRowsAtOnce), kRowsAtOnce);
  if (count % kRowsAtOnce > 0) calls.push_back(count % kRowsAtOnce);
  return calls;
}

std::vector<NodeRows> Transformer::group_nodes(const at::Tensor& x, const TokenTreeCache& cache) const {
  const int64_t count = x.size(0);
  const int64_t first = cache.size() - count;
  std::vector<NodeRows> groups;
  int64_t begin = 0;
  for (const int64_t rows : calls_of(count)) {
    const int64_t filled = std::min(rows, count - begin);
    NodeRows group;
    group.x = at::constant_pad_nd(x.narrow(0, begin, filled), {0, 0, 0, rows - filled});  // [M, C]
    for (int64_t i = 0; i < filled; ++i) group.nodes.push_back(first + begin + i);
    groups.push_back(std::move(group));
    begin += filled;
  }
  return groups;
}

at::Tensor Transformer::extend(const at::Tensor& x, TokenTreeCache& cache,
                               const std::vector<int64_t>& wanted) const {
  if (x.size(0) == 0) return x;
  std::vector<NodeRows> groups = group_nodes(x, cache);
  int64_t layer = 0;
  for (; layer + 1 < shape_.layers; ++layer) {
    for (NodeRows& rows : groups) blocks_[static_cast<size_t>(layer)].extend(rows, cache, layer);
  }
  std::vector<at::Tensor> finished;
  int64_t begin = 0;
  auto next = wanted.begin();
  for (const NodeRows& rows : groups) {
    const auto end = begin + static_cast<int64_t>(rows.nodes.size());
    std::vector<int64_t> inside;
    for (; next != wanted.end() && *next < end; ++next) inside.push_back(*next - begin);
    finished.push_back(blocks_.back().finish(rows, inside, cache, layer));
    begin = end;
  }
  return at::cat(finished);  // [wanted, C]
}

}  // namespace kiloword
