#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace kiloword {

/// Multi-head self-attention over several sequences that follow one another in the rows of one matrix.
/// `qkv` [M, 3C]: queries, keys and values side by side; `lengths`: rows of each sequence, at most M
/// together. On a GPU each of B sequences has M / B rows instead; those after its length are masked.
/// `causal`: a row sees itself and the rows before it. Returns [M, C] of qkv's type; rows after the last
/// sequence are zero.
at::Tensor self_attention(const at::Tensor& qkv, const std::vector<int64_t>& lengths, int64_t heads,
                          bool causal);

/// One query per sequence: `query` [B, C], `key` and `value` [M, C], rows of sequences as in self_attention.
/// Returns [B, C].
at::Tensor pooling_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                             const std::vector<int64_t>& lengths, int64_t heads);

/// As many queries for each of `sequences` (B): `query` [B * Q, C], `key` and `value` [B * N, C]. Returns
/// [B * Q, C].
at::Tensor cross_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           int64_t sequences, int64_t heads);

}  // namespace kiloword
