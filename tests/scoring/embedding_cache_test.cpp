#include "kiloword/scoring/embedding_cache.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "kiloword/base/file.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::TemporaryFolder;

const Embeddings kStored{2, 3, {1, 2, 3, 4, 5, 6}};

TEST(EmbeddingCache, GivesBackWhatWasStored) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path() / "made" / "on demand");
  EXPECT_FALSE(cache.load("key", 2, 3));
  EXPECT_TRUE(cache.store("key", kStored));
  EXPECT_EQ(cache.load("key", 2, 3)->values, kStored.values);
  EXPECT_FALSE(cache.load("other", 2, 3));
}

TEST(EmbeddingCache, AnotherShapeCountsAsAbsent) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  cache.store("key", kStored);
  EXPECT_FALSE(cache.load("key", 3, 2));
  EXPECT_FALSE(cache.load("key", 2, 2));
}

TEST(EmbeddingCache, AnyAlteredByteAndAnyCutCountAsAbsent) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  cache.store("key", kStored);
  const std::filesystem::path file = folder.path() / "key.emb";
  const std::string intact = read_file(file, 10000, ErrorKind::kInternal);
  for (size_t i = 0; i < intact.size(); ++i) {
    std::string altered = intact;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    folder.write("key.emb", altered);
    ASSERT_FALSE(cache.load("key", 2, 3)) << "byte " << i;
    folder.write("key.emb", intact.substr(0, i));
    ASSERT_FALSE(cache.load("key", 2, 3)) << "cut at " << i;
  }
  folder.write("key.emb", intact + "x");
  EXPECT_FALSE(cache.load("key", 2, 3));
  folder.write("key.emb", intact);
  EXPECT_TRUE(cache.load("key", 2, 3));
}

TEST(EmbeddingCache, FolderThatCannotBeWrittenCostsNothingButTime) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.write("file", "") / "below a file");
  EXPECT_FALSE(cache.store("key", kStored));
  EXPECT_FALSE(cache.load("key", 2, 3));
  EXPECT_FALSE(EmbeddingCache("").store("key", kStored));
}

TEST(EmbeddingCache, ManyWritersAndReadersAtOnce) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        cache.store("key", kStored);
        const auto seen = cache.load("key", 2, 3);
        ASSERT_TRUE(seen);
        ASSERT_EQ(seen->values, kStored.values);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace kiloword
