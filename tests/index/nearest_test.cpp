#include "kiloword/index/nearest.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "index/code.h"
#include "index/code_kernel.h"
#include "index/half.h"
#include "index/random_vectors.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::unit_vector;

TEST(Half, RoundsToTheNearestAndBack) {
  for (uint32_t bits = 0; bits < 0x7C00; ++bits) {
    const float value = half_value(static_cast<uint16_t>(bits));
    EXPECT_EQ(half_of(value), bits);
    EXPECT_EQ(half_of(-value), bits | 0x8000U);
    const float next = half_value(static_cast<uint16_t>(bits + 1));
    if (bits + 1 == 0x7C00) continue;
    EXPECT_EQ(half_of((value + next) / 2), bits % 2 == 0 ? bits : bits + 1) << bits;
  }
}

TEST(Code, BoundsHoldForEveryRowAndDimension) {
  std::mt19937 random(1);
  for (const size_t dim : {1U, 3U, 24U, 512U, 1280U, 5000U}) {
    for (int i = 0; i < 50; ++i) {
      const std::vector<float> query = unit_vector(random, dim);
      const std::vector<float> row = unit_vector(random, dim);
      std::vector<uint16_t> halves(dim);
      std::transform(row.begin(), row.end(), halves.begin(), half_of);
      std::vector<int8_t> code(dim);
      const CodeScale of = encode_row(halves.data(), dim, code.data());
      const CodedQuery coded(query.data(), dim);
      int32_t dot = 0;
      dot_codes(code.data(), 1, coded.codes.data(), dim, &dot);
      int64_t expected = 0;
      for (size_t d = 0; d < dim; ++d) expected += int64_t{code[d]} * coded.codes[d];
      EXPECT_EQ(dot, expected);
      EXPECT_LE(std::abs(coded.cosine(dot, of) - exact_cosine(query.data(), halves.data(), dim)),
                coded.bound(of));
    }
  }
}

class NearestTest : public ::testing::Test {
 protected:
  void make(size_t count, size_t dim) {
    IndexWriter writer(path_, testing::test_key(dim), true);
    testing::add_images(writer, 0, count, dim);
    writer.finish();
    index_ = std::make_unique<ImageIndex>(path_, false);
  }
  std::vector<Match> brute_force(const float* query, size_t top) const {
    std::vector<Match> all;
    for (size_t row = 0; row < index_->rows(); ++row) {
      all.push_back({row, exact_cosine(query, index_->halves(row), index_->key().dim)});
    }
    std::sort(all.begin(), all.end(), [this](const Match& a, const Match& b) {
      return a.cosine != b.cosine ? a.cosine > b.cosine
                                  : index_->image_path(a.row) < index_->image_path(b.row);
    });
    all.resize(std::min(top, all.size()));
    return all;
  }

  testing::TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "index").string();
  std::unique_ptr<ImageIndex> index_;
};

TEST_F(NearestTest, IsExactlyTheScanOfAll) {
  std::mt19937 random(9);
  for (const size_t dim : {8U, 24U, 384U}) {
    make(5000, dim);
    for (const int threads : {1, 3}) {
      for (const size_t top : {1U, 10U, 200U, 6000U}) {
        const std::vector<float> query = unit_vector(random, dim);
        NearestOptions options;
        options.top = top;
        options.threads = threads;
        const auto found = nearest(*index_, query.data(), options);
        const auto expected = brute_force(query.data(), top);
        ASSERT_EQ(found.size(), expected.size());
        for (size_t i = 0; i < found.size(); ++i) {
          EXPECT_EQ(found[i].row, expected[i].row);
          EXPECT_EQ(found[i].cosine, expected[i].cosine);
        }
      }
    }
  }
}

TEST_F(NearestTest, LooksAtAcceptedPathsAndCosinesAlone) {
  make(2000, 24);
  std::mt19937 random(4);
  const std::vector<float> query = unit_vector(random, 24);
  NearestOptions options;
  options.top = 2000;
  options.accepts = [this](size_t row) { return index_->image_path(row).find("a/12") == 0; };
  EXPECT_EQ(nearest(*index_, query.data(), options).size(), 111U);  // 12, 120 to 129, 1200 to 1299
  options.accepts = nullptr;
  options.min_cosine = 0.3F;
  const auto found = nearest(*index_, query.data(), options);
  const auto all = brute_force(query.data(), 2000);
  EXPECT_EQ(static_cast<std::ptrdiff_t>(found.size()),
            std::count_if(all.begin(), all.end(), [](const Match& match) { return match.cosine >= 0.3F; }));
}

TEST_F(NearestTest, NearDuplicatesAreGrouped) {
  std::mt19937 random(5);
  {
    IndexWriter writer(path_, testing::test_key(64), true);
    for (size_t i = 0; i < 1500; ++i) {
      std::vector<float> vector = unit_vector(random, 64);
      writer.add(testing::numbered_image(i), vector.data());
      if (i % 500 != 7) continue;
      vector[0] += 0.05F;
      double squares = 0;
      for (const float value : vector) squares += static_cast<double>(value) * static_cast<double>(value);
      for (float& value : vector) value /= static_cast<float>(std::sqrt(squares));
      IndexedImage copy = testing::numbered_image(i);
      copy.path = "b/" + std::to_string(i) + ".jpg";
      writer.add(copy, vector.data());
    }
    writer.finish();
  }
  const ImageIndex index(path_, false);
  NearestOptions options;
  options.min_cosine = 0.98F;
  const auto groups = duplicates(index, options, nullptr);
  ASSERT_EQ(groups.size(), 3U);
  for (const DuplicateGroup& group : groups) {
    ASSERT_EQ(group.rows.size(), 2U);
    EXPECT_EQ(index.image_path(group.rows[0]).substr(1), index.image_path(group.rows[1]).substr(1));
    EXPECT_GT(group.least_cosine, 0.99F);
  }
}

}  // namespace
}  // namespace kiloword
