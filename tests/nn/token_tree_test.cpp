#include <gtest/gtest.h>

#include <random>

#include "kiloword/nn/token_tree_cache.h"
#include "kiloword/nn/transformer.h"
#include "nn/path_attention.h"
#include "nn/random_transformer.h"

namespace kiloword {
namespace {

using testing::largest_difference;
using testing::RandomTransformer;

using Parents = std::vector<int64_t>;

/// Node i of a tree whose nodes hang behind a random earlier one, or start a text.
Parents random_parents(int64_t count, std::mt19937& random) {
  Parents parents;
  for (int64_t i = 0; i < count; ++i) {
    parents.push_back(static_cast<int64_t>(random() % static_cast<uint64_t>(i + 1)) - 1);
  }
  return parents;
}

std::vector<int64_t> all_of(int64_t count) {
  std::vector<int64_t> all;
  for (int64_t i = 0; i < count; ++i) all.push_back(i);
  return all;
}

class TokenTree : public ::testing::Test {
 protected:
  /// What the stack makes of the text that ends at `node`, computed on its own: the node's row.
  at::Tensor alone(const at::Tensor& x, const TokenTreeCache& cache, int64_t node) const {
    const std::vector<int32_t>& path = cache.path(node);
    const std::vector<int64_t> rows(path.begin(), path.end());
    std::vector<Rows> groups{
        {x.index_select(0, at::tensor(rows, at::kLong)), {static_cast<int64_t>(rows.size())}}};
    model_.transformer()(groups);
    return groups[0].x[-1];
  }

  RandomTransformer model_;
  std::mt19937 random_{5};
};

TEST_F(TokenTree, EveryNodeEqualsItsTextAlone) {
  for (const int64_t count : {1, 5, 16, 40, 150}) {
    TokenTreeCache cache = model_.transformer().make_cache();
    cache.append(random_parents(count, random_));
    const at::Tensor x = model_.embeddings(count);
    const at::Tensor out = model_.transformer().extend(x, cache, all_of(count));
    ASSERT_EQ(out.size(0), count);
    for (int64_t node = 0; node < count; ++node) {
      EXPECT_LT(largest_difference(out[node], alone(x, cache, node)), 1e-5) << node << " of " << count;
    }
  }
}

TEST_F(TokenTree, StepsEqualOneGo) {
  constexpr int64_t kCount = 60;
  const Parents parents = random_parents(kCount, random_);
  const at::Tensor x = model_.embeddings(kCount);
  TokenTreeCache whole = model_.transformer().make_cache();
  whole.append(parents);
  const at::Tensor expected = model_.transformer().extend(x, whole, all_of(kCount));
  TokenTreeCache cache = model_.transformer().make_cache();
  for (int64_t begin = 0; begin < kCount;) {
    const int64_t count = std::min<int64_t>(kCount - begin, static_cast<int64_t>(1 + random_() % 20));
    EXPECT_EQ(cache.append(Parents(parents.begin() + begin, parents.begin() + begin + count)), begin);
    const at::Tensor out = model_.transformer().extend(x.narrow(0, begin, count), cache, all_of(count));
    EXPECT_LT(largest_difference(out, expected.narrow(0, begin, count)), 1e-5);
    begin += count;
  }
}

TEST_F(TokenTree, OnlyWantedRowsAreReturned) {
  TokenTreeCache cache = model_.transformer().make_cache();
  cache.append(random_parents(50, random_));
  const at::Tensor x = model_.embeddings(50);
  const at::Tensor all = model_.transformer().extend(x, cache, all_of(50));
  for (const Parents& wanted : {Parents{}, Parents{0}, Parents{3, 15, 16, 17, 49}, Parents{40, 41}}) {
    TokenTreeCache again = model_.transformer().make_cache();
    std::vector<int64_t> parents;
    for (int64_t node = 0; node < 50; ++node) {
      parents.push_back(cache.depth(node) == 0 ? -1 : cache.path(node).end()[-2]);
    }
    again.append(parents);
    const at::Tensor some = model_.transformer().extend(x, again, wanted);
    ASSERT_EQ(some.size(0), static_cast<int64_t>(wanted.size()));
    if (wanted.empty()) continue;
    EXPECT_LT(largest_difference(some, all.index_select(0, at::tensor(wanted, at::kLong))), 1e-5);
  }
}

TEST_F(TokenTree, ForgottenNodesDoNotMatter) {
  // 0 - 1 - 3 and 0 - 2 - 4; node 1 and its text go.
  const at::Tensor x = model_.embeddings(7);
  TokenTreeCache cache = model_.transformer().make_cache();
  cache.append({-1, 0, 0, 1, 2});
  model_.transformer().extend(x.narrow(0, 0, 5), cache, {});
  cache.keep({0, 2, 4});
  EXPECT_EQ(cache.size(), 3);
  EXPECT_EQ(cache.depth(2), 2);
  cache.append({2, 0});
  const at::Tensor out = model_.transformer().extend(x.narrow(0, 5, 2), cache, {0, 1});
  TokenTreeCache fresh = model_.transformer().make_cache();
  fresh.append({-1, 0, 1, 2, 0});
  const at::Tensor expected = model_.transformer().extend(
      x.index_select(0, at::tensor(Parents{0, 2, 4, 5, 6}, at::kLong)), fresh, {3, 4});
  EXPECT_LT(largest_difference(out, expected), 1e-5);
  cache.keep({});
  EXPECT_EQ(cache.size(), 0);
}

TEST_F(TokenTree, MaskedNodesAreSeenByNone) {
  // 0 - 1 - 2 - 3 with 1 masked: 2 and 3 see what they see behind 0.
  const at::Tensor x = model_.embeddings(4);
  TokenTreeCache cache = model_.transformer().make_cache();
  cache.append({-1, 0, 1, 2}, {false, true, false, false});
  EXPECT_EQ(cache.depth(3), 3);
  EXPECT_EQ(cache.path(1), std::vector<int32_t>({0}));
  EXPECT_EQ(cache.path(3), std::vector<int32_t>({0, 2, 3}));
  const at::Tensor out = model_.transformer().extend(x, cache, {2, 3});
  TokenTreeCache without = model_.transformer().make_cache();
  without.append({-1, 0, 1});
  const at::Tensor expected = model_.transformer().extend(
      x.index_select(0, at::tensor(Parents{0, 2, 3}, at::kLong)), without, {1, 2});
  EXPECT_LT(largest_difference(out, expected), 1e-5);
  cache.keep({0, 2, 3});
  EXPECT_EQ(cache.depth(2), 3);
  EXPECT_EQ(cache.path(2), std::vector<int32_t>({0, 1, 2}));
}

TEST_F(TokenTree, MaskedProductsGiveTheSameAttention) {
  TokenTreeCache cache = model_.transformer().make_cache();
  constexpr int64_t kNodes = 30;
  cache.append(random_parents(kNodes, random_));
  AttentionPaths paths;
  for (int64_t node = 0; node < kNodes; ++node) paths.push_back(&cache.path(node));
  for (const int64_t heads : {1, 2, 4}) {
    const at::Tensor query = at::randn({kNodes + 3, 40});
    const at::Tensor keys = at::randn({kNodes, 40});
    const at::Tensor values = at::randn({kNodes, 40});
    const at::Tensor one = attend_paths_on_cpu(query, keys, values, paths, heads);
    EXPECT_LT(largest_difference(one, attend_paths_with_mask(query, keys, values, paths, heads)), 1e-5);
    EXPECT_EQ(one.narrow(0, kNodes, 3).abs().max().item<float>(), 0.0F);
  }
}

TEST(Calls, AreFilledWithLittleToSpare) {
  using Sizes = std::vector<int64_t>;
  EXPECT_EQ(split_into_calls(0, {8}), Sizes{});
  EXPECT_EQ(split_into_calls(1, {8}), Sizes{8});
  EXPECT_EQ(split_into_calls(17, {8}), (Sizes{8, 8, 8}));
  EXPECT_EQ(split_into_calls(1000, {80, 320}), (Sizes{320, 320, 320, 80}));
  EXPECT_EQ(split_into_calls(200, {80, 320}), (Sizes{80, 80, 80}));
  EXPECT_EQ(split_into_calls(300, {80, 320}), Sizes{320});
  EXPECT_EQ(split_into_calls(45, {8, 64}), Sizes{64});  // reading the weights once beats six times
  EXPECT_EQ(split_into_calls(9, {8, 64}), (Sizes{8, 8}));
}

}  // namespace
}  // namespace kiloword
