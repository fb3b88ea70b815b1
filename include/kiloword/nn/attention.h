#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace kiloword {

/// Multi-head self-attention over several sequences, concatenated along the rows of one matrix.
/// `qkv` [M, 3C]: queries, keys and values side by side; `lengths`: rows of each sequence, at most M in
/// total. On a GPU, each of the B sequences has M / B rows instead; rows beyond its length are masked.
/// `causal`: a row attends to itself and earlier rows. Returns [M, C] of qkv's type; on the CPU, rows after
/// the last sequence are zero.
at::Tensor self_attention(const at::Tensor& qkv, const std::vector<int64_t>& lengths, int64_t heads,
                          bool causal);

/// One query per sequence: `query` [B, C], `key` and `value` [M, C] with rows as in self_attention. Returns
/// [B, C].
at::Tensor pooling_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                             const std::vector<int64_t>& lengths, int64_t heads);

/// Q queries for each of B = `sequences`: `query` [B * Q, C], `key` and `value` [B * N, C].
/// Returns [B * Q, C].
at::Tensor cross_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           int64_t sequences, int64_t heads);

}  // namespace kiloword
