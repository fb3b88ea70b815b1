#include "nn/path_attention.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <limits>

#include "nn/vector_kernels.h"

namespace kiloword {

at::Tensor attend_paths_on_cpu(const at::Tensor& query, const at::Tensor& keys, const at::Tensor& values,
                               const AttentionPaths& paths, int64_t heads) {
  constexpr int64_t kRowsPerThread = 8;
  const int64_t width = query.size(1);
  at::Tensor out = at::zeros({query.size(0), width}, query.options());  // [M, C]
  at::parallel_for(0, static_cast<int64_t>(paths.size()), kRowsPerThread, [&](int64_t begin, int64_t end) {
    std::vector<float> scratch;
    for (int64_t row = begin; row < end; ++row) {
      PathAttention attention;
      attention.query = query.data_ptr<float>() + row * query.stride(0);
      attention.keys = keys.data_ptr<float>();
      attention.values = values.data_ptr<float>();
      attention.out = out.data_ptr<float>() + row * width;
      attention.stride = width;
      attention.path = paths[static_cast<size_t>(row)]->data();
      attention.count = static_cast<int64_t>(paths[static_cast<size_t>(row)]->size());
      attention.heads = heads;
      attention.dim = width / heads;
      attend_path(attention, scratch);
    }
  });
  return out;
}

at::Tensor attend_paths_with_mask(const at::Tensor& query, const at::Tensor& keys, const at::Tensor& values,
                                  const AttentionPaths& paths, int64_t heads) {
  const int64_t width = query.size(1);
  const int64_t dim = width / heads;
  const auto rows = static_cast<int64_t>(paths.size());
  const int64_t nodes = keys.size(0);
  at::Tensor hidden = at::ones({rows, nodes}, at::kBool);  // [M, nodes]
  for (int64_t row = 0; row < rows; ++row) {
    bool* flags = hidden.data_ptr<bool>() + row * nodes;
    for (const int32_t node : *paths[static_cast<size_t>(row)]) flags[node] = false;
  }
  const auto split = [&](const at::Tensor& x) {
    return x.reshape({x.size(0), heads, dim}).transpose(0, 1);  // [H, rows of x, C/H]
  };
  at::Tensor logits = at::matmul(split(query.narrow(0, 0, rows)), split(keys).transpose(1, 2))
                          .to(at::kFloat);  // [H, M, nodes]
  logits = logits / std::sqrt(static_cast<double>(dim));
  logits = logits.masked_fill(hidden.to(query.device()), -std::numeric_limits<double>::infinity());
  const at::Tensor attended = at::matmul(logits.softmax(-1).to(query.scalar_type()), split(values));
  at::Tensor out = at::zeros({query.size(0), width}, query.options());  // [M, C]
  out.narrow(0, 0, rows).copy_(attended.transpose(0, 1).reshape({rows, width}));
  return out;
}

}  // namespace kiloword
