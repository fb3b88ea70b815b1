#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace kiloword {

/// The nodes that each query attends to; one entry per query.
using AttentionPaths = std::vector<const std::vector<int32_t>*>;

// Multi-head attention of query i over the rows paths[i] of `keys` and `values` [nodes, C]. `query` [M, C]
// with M >= paths.size(); returns [M, C], with zeros in rows without a path. On the CPU in fp32; elsewhere by
// one masked product over all nodes.

at::Tensor attend_paths_on_cpu(const at::Tensor& query, const at::Tensor& keys, const at::Tensor& values,
                               const AttentionPaths& paths, int64_t heads);

at::Tensor attend_paths_with_mask(const at::Tensor& query, const at::Tensor& keys, const at::Tensor& values,
                                  const AttentionPaths& paths, int64_t heads);

}  // namespace kiloword
