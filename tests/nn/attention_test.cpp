#include "kiloword/nn/attention.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>

namespace kiloword {
namespace {

/// softmax(q k^T / sqrt(d)) v of one sequence in double precision, spelled out with libtorch's plain
/// operators.
at::Tensor reference(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, int64_t heads,
                     bool causal) {
  const int64_t dim = query.size(1) / heads;
  std::vector<at::Tensor> out;
  for (int64_t h = 0; h < heads; ++h) {
    const auto part = [&](const at::Tensor& x) { return x.narrow(1, h * dim, dim).to(at::kDouble); };
    at::Tensor logits = at::matmul(part(query), part(key).t()) / std::sqrt(static_cast<double>(dim));
    if (causal) {
      logits = logits.masked_fill(at::ones_like(logits, at::kBool).triu(1), -INFINITY);
    }
    out.push_back(at::matmul(logits.softmax(-1), part(value)));
  }
  return at::cat(out, 1);
}

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

TEST(SelfAttention, EqualsTheFormula) {
  at::manual_seed(1);
  for (const int64_t dim : {1, 5, 16, 24, 64, 80}) {
    for (const int64_t length : {1, 2, 5, 6, 7, 16, 17, 50}) {
      const int64_t heads = 3;
      const int64_t width = heads * dim;
      const at::Tensor qkv = at::randn({length, 3 * width});
      for (const bool causal : {false, true}) {
        const at::Tensor out = self_attention(qkv, {length}, heads, causal);
        const at::Tensor exact = reference(qkv.narrow(1, 0, width), qkv.narrow(1, width, width),
                                           qkv.narrow(1, 2 * width, width), heads, causal);
        EXPECT_LT(largest_difference(out, exact), 2e-6) << dim << " " << length << " " << causal;
      }
    }
  }
}

TEST(SelfAttention, PaddingHasNoWeightHoweverLargeLogitsAre) {
  for (const float size : {1e3F, 1e6F, 1e9F}) {  // logits up to 4e18
    const at::Tensor key_and_query = at::full({5, 32}, size);
    const at::Tensor value = at::arange(80, at::kFloat).view({5, 16});
    const at::Tensor out = self_attention(at::cat({key_and_query, value}, 1), {5}, 1, false);
    EXPECT_LT(largest_difference(out, value.mean(0, true).expand({5, 16})), 1e-4) << size;
  }
}

TEST(SelfAttention, SequencesDoNotSeeEachOther) {
  at::manual_seed(2);
  const at::Tensor qkv = at::randn({32, 144});
  const std::vector<int64_t> lengths{7, 1, 12, 5};  // seven rows are left over
  const at::Tensor together = self_attention(qkv, lengths, 3, true);
  int64_t begin = 0;
  for (const int64_t length : lengths) {
    const at::Tensor alone = self_attention(qkv.narrow(0, begin, length), {length}, 3, true);
    EXPECT_TRUE(at::equal(together.narrow(0, begin, length), alone)) << length;
    begin += length;
  }
  EXPECT_TRUE(at::equal(together.narrow(0, begin, 32 - begin), at::zeros({32 - begin, 48})));
}

TEST(SelfAttention, CausalRowsDoNotSeeWhatFollows) {
  at::manual_seed(3);
  const at::Tensor qkv = at::randn({20, 96});
  const at::Tensor whole = self_attention(qkv, {20}, 2, true);
  for (const int64_t length : {1, 6, 13}) {
    const at::Tensor part = self_attention(qkv.narrow(0, 0, length), {length}, 2, true);
    EXPECT_LT(largest_difference(whole.narrow(0, 0, length), part), 1e-6) << length;
  }
}

TEST(SelfAttention, KeepsTheType) {
  at::manual_seed(4);
  const at::Tensor qkv = at::randn({9, 96});
  const at::Tensor half = self_attention(qkv.to(at::kBFloat16), {9}, 2, false);
  EXPECT_EQ(half.scalar_type(), at::kBFloat16);
  EXPECT_LT(largest_difference(half, self_attention(qkv, {9}, 2, false)), 0.03);
}

TEST(PoolingAttention, EqualsTheFormula) {
  at::manual_seed(5);
  const at::Tensor query = at::randn({2, 24});
  const at::Tensor key = at::randn({34, 24});
  const at::Tensor value = at::randn({34, 24});
  const std::vector<int64_t> lengths{21, 11};  // and two rows that belong to none
  const at::Tensor out = pooling_attention(query, key, value, lengths, 4);
  int64_t begin = 0;
  for (int64_t b = 0; b < 2; ++b) {
    const int64_t rows = lengths[static_cast<size_t>(b)];
    const at::Tensor exact =
        reference(query.narrow(0, b, 1), key.narrow(0, begin, rows), value.narrow(0, begin, rows), 4, false);
    EXPECT_LT(largest_difference(out.narrow(0, b, 1), exact), 2e-6) << b;
    begin += rows;
  }
}

TEST(CrossAttention, EverySequenceHasQueriesOfItsOwn) {
  at::manual_seed(6);
  const at::Tensor query = at::randn({10, 24});
  const at::Tensor key_value = at::randn({34, 48});
  const at::Tensor key = key_value.narrow(1, 0, 24);
  const at::Tensor value = key_value.narrow(1, 24, 24);
  const at::Tensor out = cross_attention(query, key, value, 2, 4);
  for (int64_t b = 0; b < 2; ++b) {
    const at::Tensor exact = reference(query.narrow(0, b * 5, 5), key.narrow(0, b * 17, 17),
                                       value.narrow(0, b * 17, 17), 4, false);
    EXPECT_LT(largest_difference(out.narrow(0, b * 5, 5), exact), 2e-6) << b;
  }
}

}  // namespace
}  // namespace kiloword
