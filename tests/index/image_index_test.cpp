#include "kiloword/index/image_index.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <set>

#include "index/half.h"
#include "index/random_vectors.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/index/nearest.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::add_images;
using ::testing::HasSubstr;
using testing::numbered_image;
using testing::test_key;

class ImageIndexTest : public ::testing::Test {
 protected:
  void make(size_t count) const {
    IndexWriter writer(path_, test_key(), /*overwrite=*/true);
    add_images(writer, 0, count);
    writer.finish();
  }
  std::string content() const { return read_file(path_, 1 << 30, ErrorKind::kInput); }
  void rewrite(const std::string& bytes) const { folder_.write("index", bytes); }
  /// The live paths; all rows are read.
  static std::set<std::string> paths(const ImageIndex& index) {
    std::set<std::string> paths;
    for (size_t row = 0; row < index.rows(); ++row) {
      if (!index.is_live(row)) continue;
      index.halves(row);
      paths.insert(std::string(index.image_path(row)));
    }
    return paths;
  }
  static std::string error_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  testing::TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "index").string();
};

TEST_F(ImageIndexTest, HoldsWhatWasAdded) {
  make(3000);
  const ImageIndex index(path_, false);
  EXPECT_EQ(index.live_rows(), 3000U);
  EXPECT_EQ(index.key().model, "model");
  EXPECT_EQ(index.key().dim, 24U);
  const IndexedImage image = index.image(2500);
  EXPECT_EQ(image.path, "a/2500.jpg");
  EXPECT_TRUE(image.stamp == numbered_image(2500).stamp);
  EXPECT_TRUE(image.content == numbered_image(2500).content);
  std::mt19937 random(2500);
  const std::vector<float> vector = testing::unit_vector(random, 24);
  for (size_t d = 0; d < 24; ++d) EXPECT_NEAR(half_value(index.halves(2500)[d]), vector[d], 3e-4);
}

TEST_F(ImageIndexTest, AnUpdateKeepsReplacesAndDrops) {
  make(10);
  {
    IndexWriter writer(path_, test_key(), false);
    for (size_t i = 0; i < 8; ++i) {
      IndexedImage image = numbered_image(i);
      if (i == 3) image.stamp.bytes = 99;  // it has changed
      EXPECT_EQ(writer.keep(image.path, image.stamp), i != 3);
    }
    IndexedImage changed = numbered_image(3);
    changed.stamp.bytes = 99;
    std::mt19937 random(77);
    writer.add(changed, testing::unit_vector(random, 24).data());
    const auto known = writer.find(numbered_image(9).content);
    ASSERT_TRUE(known);
    IndexedImage moved = numbered_image(9);
    moved.path = "b/moved.jpg";
    writer.add_known(moved, *known);
    writer.finish();
    EXPECT_EQ(writer.update().added, 2U);
    EXPECT_EQ(writer.update().known, 1U);
    EXPECT_EQ(writer.update().kept, 7U);
    EXPECT_EQ(writer.update().dropped, 2U);
  }
  const ImageIndex index(path_, false);
  EXPECT_EQ(index.live_rows(), 9U);
  EXPECT_EQ(paths(index), (std::set<std::string>{"a/0.jpg", "a/1.jpg", "a/2.jpg", "a/3.jpg", "a/4.jpg",
                                                 "a/5.jpg", "a/6.jpg", "a/7.jpg", "b/moved.jpg"}));
  EXPECT_EQ(index.image(10).stamp.bytes, 99U);
}

TEST_F(ImageIndexTest, AFileThatCannotBeReadAnyMoreIsDroppedAsItWas) {
  make(3);
  IndexWriter writer(path_, test_key(), false);
  writer.keep(numbered_image(0).path, numbered_image(0).stamp);
  EXPECT_FALSE(writer.keep(numbered_image(1).path, {7, 7}));  // and then decoding it fails
  writer.keep(numbered_image(2).path, numbered_image(2).stamp);
  writer.finish();
  EXPECT_EQ(paths(ImageIndex(path_, false)), (std::set<std::string>{"a/0.jpg", "a/2.jpg"}));
}

TEST_F(ImageIndexTest, ManyDeadRowsAreLeftOutOfANewFile) {
  make(2000);
  const auto before = std::filesystem::file_size(path_);
  IndexWriter writer(path_, test_key(), false);
  for (size_t i = 0; i < 1000; ++i) writer.keep(numbered_image(i).path, numbered_image(i).stamp);
  writer.finish();
  const ImageIndex index(path_, false);
  EXPECT_EQ(index.rows(), 1000U);
  EXPECT_EQ(index.live_rows(), 1000U);
  EXPECT_LT(std::filesystem::file_size(path_), before * 6 / 10);
  EXPECT_THAT(error_of([&] { IndexWriter second(path_, test_key(), false); }), HasSubstr("another process"));
}

TEST_F(ImageIndexTest, WhereverItBreaksOffItIsUnfinishedAndCanBeGoneOnWith) {
  make(5);
  {
    IndexWriter writer(path_, test_key(), false);
    for (size_t i = 0; i < 5; ++i) writer.keep(numbered_image(i).path, numbered_image(i).stamp);
    add_images(writer, 5, 8);
    writer.finish();
  }
  const std::string whole = content();
  const std::set<std::string> all = paths(ImageIndex(path_, false));
  for (size_t size = 0; size < whole.size(); size += size % 64 == 0 ? 1 : 7) {
    rewrite(whole.substr(0, size));
    const std::string refusal = error_of([&] {
      const ImageIndex index(path_, false);
      EXPECT_EQ(index.live_rows(), 5U) << "the state after the first update, at " << size;
    });
    EXPECT_EQ(refusal.find('\n'), std::string::npos);
    {
      IndexWriter writer(path_, test_key(), false);
      for (size_t i = 0; i < 8; ++i) {
        if (!writer.keep(numbered_image(i).path, numbered_image(i).stamp)) add_images(writer, i, i + 1);
      }
      writer.finish();
    }
    EXPECT_EQ(paths(ImageIndex(path_, false)), all) << size;
  }
}

TEST_F(ImageIndexTest, NoChangedByteGivesWrongResults) {
  make(6);
  const std::string whole = content();
  std::mt19937 random(3);
  const std::vector<float> query = testing::unit_vector(random, 24);
  const auto results = [&] {
    const ImageIndex index(path_, false);
    std::vector<std::pair<std::string, float>> found;
    for (const Match& match : nearest(index, query.data(), {})) {
      found.emplace_back(index.image_path(match.row), match.cosine);
    }
    return found;
  };
  const auto expected = results();
  ASSERT_EQ(expected.size(), 6U);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
    rewrite(bytes);
    try {
      EXPECT_EQ(results(), expected) << "byte " << i;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kModel) << i;
    }
  }
}

TEST_F(ImageIndexTest, DamagedRowsAreMadeAgain) {
  make(6);
  std::string bytes = content();
  const size_t halves = bytes.size() - 64 - 64 * 9;  // in front of the table of six names, and the end
  bytes[halves - 200] = static_cast<char>(bytes[halves - 200] ^ 1);
  rewrite(bytes);
  IndexWriter writer(path_, test_key(), false);
  size_t again = 0;
  for (size_t i = 0; i < 6; ++i) {
    if (writer.keep(numbered_image(i).path, numbered_image(i).stamp)) continue;
    add_images(writer, i, i + 1);
    ++again;
  }
  writer.finish();
  EXPECT_GE(again, 1U);
  EXPECT_EQ(paths(ImageIndex(path_, false)).size(), 6U);
}

TEST_F(ImageIndexTest, WhatIsOfAnotherModelOrNoIndexIsRefused) {
  make(3);
  IndexKey other = test_key();
  other.fingerprint = "another";
  EXPECT_THAT(error_of([&] { IndexWriter writer(path_, other, false); }), HasSubstr("another model"));
  other = test_key();
  other.root = "/elsewhere";
  EXPECT_THAT(error_of([&] { IndexWriter writer(path_, other, false); }), HasSubstr("another folder"));
  rewrite("a picture of mine");
  EXPECT_THAT(error_of([&] { IndexWriter writer(path_, test_key(), false); }), HasSubstr("not an index"));
  EXPECT_THAT(error_of([&] { const ImageIndex index(path_, true); }), HasSubstr("not an index"));
  EXPECT_EQ(content(), "a picture of mine");
  EXPECT_THAT(error_of([&] { const ImageIndex index(path_ + "x", true); }), HasSubstr("no such file"));
}

TEST_F(ImageIndexTest, IsFoundFromFoldersBelow) {
  folder_.write("photos/.kiloword-index", "");
  std::filesystem::create_directories(folder_.path() / "photos/2024/may");
  const auto found = std::filesystem::canonical(find_index((folder_.path() / "photos/2024/may/").string()));
  EXPECT_EQ(found, std::filesystem::canonical(folder_.path() / "photos/.kiloword-index"));
  EXPECT_THROW(find_index(folder_.path().string()), Error);
}

}  // namespace
}  // namespace kiloword
