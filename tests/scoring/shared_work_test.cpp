#include "scoring/shared_work.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "kiloword/scoring/label_bank.h"
#include "support/fake_encoder.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kDim = 2;
constexpr int64_t kRows = 10;
constexpr int64_t kUnit = 3;

Embeddings rows_of(const RowRange& range) {
  Embeddings rows{range.last - range.first, kDim, {}};
  for (int64_t row = range.first; row < range.last; ++row)
    rows.values.insert(rows.values.end(), {static_cast<float>(row), 1.0F});
  return rows;
}

Embeddings all_rows() {
  return rows_of({0, kRows});
}

class SharedWorkTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  EmbeddingCache cache_{folder_.path()};
};

TEST_F(SharedWorkTest, GoesOnWhereAnotherRunStopped) {
  {
    SharedWork first(cache_, "key", kRows, kDim, kUnit);
    EXPECT_EQ(first.collect(), 0);
    const auto range = first.claim(2);
    ASSERT_TRUE(range.has_value());
    EXPECT_EQ(range->first, 0);
    EXPECT_EQ(range->last, 6);
    first.finish(*range, rows_of(*range));
    ASSERT_TRUE(first.claim(1).has_value());  // and stopped before it was finished
  }
  SharedWork second(cache_, "key", kRows, kDim, kUnit);
  EXPECT_EQ(second.collect(), 6);
  const auto rest = second.claim(9);
  ASSERT_TRUE(rest.has_value());
  EXPECT_EQ(rest->first, 6);
  EXPECT_EQ(rest->last, kRows);
  second.finish(*rest, rows_of(*rest));
  EXPECT_TRUE(second.complete());
  second.store();
  EXPECT_FALSE(fs::exists(folder_.path() / "key.parts"));
  EXPECT_EQ(cache_.load("key", kRows, kDim)->values, all_rows().values);
}

TEST_F(SharedWorkTest, TwoNeverHaveTheSameRows) {
  SharedWork one(cache_, "key", kRows, kDim, kUnit);
  SharedWork other(cache_, "key", kRows, kDim, kUnit);
  const auto first = one.claim(1);
  const auto second = other.claim(4);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->last, 3);
  EXPECT_EQ(second->first, 3);
  other.finish(*second, rows_of(*second));
  while (const auto more = other.claim(4)) other.finish(*more, rows_of(*more));
  EXPECT_FALSE(other.complete());  // the first three rows are another's
  EXPECT_EQ(other.collect(), 7);
  one.finish(*first, rows_of(*first));
  EXPECT_EQ(other.collect(), kRows);
  EXPECT_EQ(other.rows().values, all_rows().values);
}

TEST_F(SharedWorkTest, TakesOverWhatHangs) {
  SharedWork hanging(cache_, "key", kRows, kDim, kUnit);
  ASSERT_TRUE(hanging.claim(4).has_value());
  SharedWork patient(cache_, "key", kRows, kDim, kUnit);
  EXPECT_FALSE(patient.claim(4).has_value());
  patient.stop_waiting();
  const auto range = patient.claim(4);
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->last, kRows);
}

TEST_F(SharedWorkTest, WhatAnotherStoredWholeCounts) {
  SharedWork work(cache_, "key", kRows, kDim, kUnit);
  ASSERT_TRUE(cache_.store("key", all_rows()));
  EXPECT_EQ(work.collect(), kRows);
  EXPECT_TRUE(work.complete());
}

TEST_F(SharedWorkTest, ForeignAndTornPartsAreNothing) {
  SharedWork work(cache_, "key", kRows, kDim, kUnit);
  for (const char* name : {"0-3", "1-3", "0-4", "0-30", "-1-3", "a-b", "3-0", "9999999999999999999999-1"}) {
    std::ofstream((folder_.path() / "key.parts" / (std::string(name) + ".emb")).string()) << "torn";
  }
  ASSERT_TRUE(EmbeddingCache(folder_.path() / "key.parts").store("1-4", rows_of({1, 4})));
  EXPECT_EQ(work.collect(), 0);
  EXPECT_EQ(work.claim(1)->last, 3);
}

TEST_F(SharedWorkTest, WithoutAFolderEverythingIsOnesOwn) {
  const EmbeddingCache none{fs::path()};
  SharedWork work(none, "key", kRows, kDim, kUnit);
  while (const auto range = work.claim(1)) work.finish(*range, rows_of(*range));
  EXPECT_TRUE(work.complete());
  EXPECT_EQ(work.rows().values, all_rows().values);
}

/// Two banks at once, as two programs: together they embed each text once.
TEST_F(SharedWorkTest, TwoBanksShareASet) {
  std::string content = "category: x\nstatement: A {label}.\nmatch: a {label}\n---\n";
  for (int i = 0; i < 2000; ++i) content += "label " + std::to_string(i) + "\n";
  const ChosenLabelSet set{parse_label_set(content, "many", "many.txt"), true, std::nullopt};
  const auto bank_of = [&](testing::FakeEncoder& encoder, Embeddings& labels) {
    labels = LabelBank({set}, encoder, cache_).sets()[0].labels;
  };
  testing::FakeEncoder one;
  testing::FakeEncoder other;
  Embeddings of_one;
  Embeddings of_other;
  std::thread second([&] { bank_of(other, of_other); });
  bank_of(one, of_one);
  second.join();
  EXPECT_EQ(of_one.values, of_other.values);
  EXPECT_EQ(one.texts_encoded + other.texts_encoded, 2000);
}

}  // namespace
}  // namespace kiloword
