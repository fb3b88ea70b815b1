#include "kiloword/nn/attention.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "kiloword/nn/conversion.h"
#include "nn/vector_kernels.h"

namespace kiloword {
namespace {

/// Rows of one sequence in the query and key matrices.
struct Span {
  int64_t query_begin;
  int64_t queries;
  int64_t key_begin;
  int64_t keys;
};

/// fp32 matrices whose rows are contiguous; rows themselves may stand apart.
struct Operands {
  at::Tensor query;  // [Mq, C]
  at::Tensor key;    // [M, C]
  at::Tensor value;  // [M, C]
};

at::Tensor attend_on_cpu(const Operands& in, const std::vector<Span>& spans, int64_t heads, bool causal) {
  const int64_t width = in.query.size(1);
  const int64_t dim = width / heads;
  at::Tensor out = at::zeros({in.query.size(0), width}, in.query.options());  // [Mq, C]
  const auto span_count = static_cast<int64_t>(spans.size());
  at::parallel_for(0, span_count * heads, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> scratch;
    for (int64_t job = begin; job < end; ++job) {
      const Span& span = spans[static_cast<size_t>(job / heads)];
      const int64_t column = job % heads * dim;
      AttentionHead head;
      head.query_stride = in.query.stride(0);
      head.key_stride = in.key.stride(0);
      head.out_stride = width;
      head.query = in.query.data_ptr<float>() + span.query_begin * head.query_stride + column;
      head.key = in.key.data_ptr<float>() + span.key_begin * head.key_stride + column;
      head.value = in.value.data_ptr<float>() + span.key_begin * head.key_stride + column;
      head.out = out.data_ptr<float>() + span.query_begin * width + column;
      head.queries = span.queries;
      head.keys = span.keys;
      head.dim = dim;
      head.causal = causal;
      attend(head, scratch);
    }
  });
  return out;
}

/// Marks the rows behind the `lengths` of sequences that have `rows` each, [B, 1, 1, rows]; undefined where
/// all are as long.
at::Tensor rows_behind(const std::vector<int64_t>& lengths, int64_t rows, at::Device device) {
  if (std::all_of(lengths.begin(), lengths.end(), [rows](int64_t length) { return length == rows; }))
    return {};
  const at::Tensor ends = at::tensor(lengths, at::kLong).reshape({-1, 1, 1, 1});
  return at::arange(rows, at::kLong).ge(ends).to(device);
}

/// `query` [B, Tq, C], `key`, `value` [B, Tk, C]. Keys that `hidden` marks, [B, 1, 1, Tk], are not seen.
at::Tensor attend_with_matmul(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                              int64_t heads, bool causal, const at::Tensor& hidden = {}) {
  const int64_t batch = query.size(0);
  const int64_t width = query.size(2);
  const int64_t dim = width / heads;
  const auto split = [&](const at::Tensor& x) {
    return x.reshape({batch, x.size(1), heads, dim}).transpose(1, 2);  // [B, H, T, C/H]
  };
  at::Tensor logits = at::matmul(split(query), split(key).transpose(2, 3)).to(at::kFloat);  // [B, H, Tq, Tk]
  logits = logits / std::sqrt(static_cast<double>(dim));
  if (causal) {
    const at::Tensor later =
        at::ones({query.size(1), key.size(1)}, logits.options().dtype(at::kBool)).triu(1);
    logits = logits.masked_fill(later, -INFINITY);
  }
  if (hidden.defined()) logits = logits.masked_fill(hidden, -INFINITY);
  const at::Tensor weights = logits.softmax(-1).to(query.scalar_type());
  return at::matmul(weights, split(value)).transpose(1, 2).reshape({-1, width});  // [B * Tq, C]
}

at::Tensor attend_in_fp32(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                          const std::vector<Span>& spans, int64_t heads) {
  const Operands operands{converted(query, at::kFloat), converted(key, at::kFloat),
                          converted(value, at::kFloat)};
  return converted(attend_on_cpu(operands, spans, heads, /*causal=*/false), query.scalar_type());
}

}  // namespace

at::Tensor self_attention(const at::Tensor& qkv, const std::vector<int64_t>& lengths, int64_t heads,
                          bool causal) {
  const int64_t width = qkv.size(1) / 3;
  if (!qkv.device().is_cpu()) {
    const at::Tensor x = qkv.reshape({static_cast<int64_t>(lengths.size()), -1, 3 * width});  // [B, T, 3C]
    return attend_with_matmul(x.narrow(2, 0, width), x.narrow(2, width, width), x.narrow(2, 2 * width, width),
                              heads, causal, rows_behind(lengths, x.size(1), x.device()));
  }
  std::vector<Span> spans;
  int64_t begin = 0;
  for (const int64_t length : lengths) {
    spans.push_back({begin, length, begin, length});
    begin += length;
  }
  const at::Tensor x = converted(qkv, at::kFloat);
  const Operands operands{x.narrow(1, 0, width), x.narrow(1, width, width), x.narrow(1, 2 * width, width)};
  return converted(attend_on_cpu(operands, spans, heads, causal), qkv.scalar_type());
}

at::Tensor pooling_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                             const std::vector<int64_t>& lengths, int64_t heads) {
  const int64_t width = query.size(1);
  if (!query.device().is_cpu()) {
    const auto sequences = static_cast<int64_t>(lengths.size());
    const int64_t rows = key.size(0) / sequences;
    return attend_with_matmul(query.unsqueeze(1), key.reshape({sequences, rows, width}),
                              value.reshape({sequences, rows, width}), heads, /*causal=*/false,
                              rows_behind(lengths, rows, query.device()));
  }
  std::vector<Span> spans;
  int64_t begin = 0;
  for (const int64_t length : lengths) {
    spans.push_back({static_cast<int64_t>(spans.size()), 1, begin, length});
    begin += length;
  }
  return attend_in_fp32(query, key, value, spans, heads);
}

at::Tensor cross_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           int64_t sequences, int64_t heads) {
  const int64_t queries = query.size(0) / sequences;
  const int64_t keys = key.size(0) / sequences;
  if (!query.device().is_cpu()) {
    const auto split = [sequences](const at::Tensor& x) { return x.reshape({sequences, -1, x.size(1)}); };
    return attend_with_matmul(split(query), split(key), split(value), heads, false);
  }
  std::vector<Span> spans;
  for (int64_t b = 0; b < sequences; ++b) spans.push_back({b * queries, queries, b * keys, keys});
  return attend_in_fp32(query, key, value, spans, heads);
}

}  // namespace kiloword
