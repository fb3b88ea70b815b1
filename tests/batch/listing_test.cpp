// Lists in shards, and archives from pipes.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>
#include <tuple>

#include "batch/archive_builder.h"
#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/batch/input_lister.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ListingTest : public ::testing::Test {
 protected:
  static std::vector<BatchInput> list_all(ListingOptions options) {
    InputLister lister(std::move(options));
    std::vector<BatchInput> inputs;
    while (auto input = lister.next()) {
      inputs.push_back(std::move(*input));
    }
    return inputs;
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  testing::TemporaryFolder folder_;
};

TEST_F(ListingTest, ShardsOfAListLookAtTheirOwnFilesAlone) {
  std::string list;
  for (int i = 0; i < 40; ++i) list += folder_.write("p" + std::to_string(i) + ".jpg", "x").string() + "\n";
  list += folder_.write("deep/d.jpg", "x").parent_path().string() + "\n";
  folder_.write("list", list);
  size_t all = 0;
  std::set<std::string> names;
  std::set<uint64_t> checksums;
  for (uint64_t number = 1; number <= 3; ++number) {
    ListingOptions options;
    options.files_from = path("list");
    options.shard = {number, 3};
    InputLister lister(options);
    while (const auto input = lister.next()) {
      EXPECT_TRUE(input->stamp);
      names.insert(input->path);
    }
    EXPECT_EQ(lister.count().all, 41U);
    checksums.insert(lister.count().checksum);
    all += lister.count().in_shard;
  }
  EXPECT_EQ(all, 41U);
  EXPECT_EQ(names.size(), 41U);
  EXPECT_EQ(names.count(path("deep/d.jpg")), 1U);
  EXPECT_EQ(checksums.size(), 1U);
}

TEST_F(ListingTest, ShardsByInputReadTheirOwnArchivesAlone) {
  std::string list;
  for (int i = 0; i < 6; ++i) {
    const std::string archive = path("in/" + std::to_string(i) + ".tar");
    fs::create_directories(path("in"));
    testing::write_archive(archive, {{"a.jpg", "1"}, {"b.jpg", "2"}, {"notes.txt", "3"}});
    list += archive + "\n" + folder_.write("in/" + std::to_string(i) + ".jpg", "x").string() + "\n";
  }
  testing::write_archive(path("in/empty.tar"), {});
  folder_.write("list", list + path("gone.tar") + "\n");
  ListingOptions options;
  options.inputs = {path("in")};
  options.files_from = path("list");
  std::vector<std::string> whole;
  for (const BatchInput& input : list_all(options)) whole.push_back(input.path);
  ASSERT_EQ(whole.size(), 37U);
  std::vector<std::tuple<uint64_t, uint64_t, std::string>> parts;
  std::set<uint64_t> checksums;
  for (uint64_t number = 1; number <= 3; ++number) {
    options.shard = {number, 3, ShardUnit::kInput};
    InputLister lister(options);
    uint64_t index = 0;
    std::set<std::string> files;
    while (const auto input = lister.next()) {
      EXPECT_EQ(input->index, index++);
      if (input->archive_member) {
        EXPECT_FALSE(input->bytes->empty());
      }
      files.insert(input->path.substr(0, input->path.find('!')));
      parts.emplace_back(input->listed_file, input->index, input->path);
    }
    for (const std::string& file : files) EXPECT_TRUE(options.shard.contains(file));
    EXPECT_EQ(lister.count().in_shard, index);
    EXPECT_EQ(lister.count().all, 26U);
    checksums.insert(lister.count().checksum);
  }
  EXPECT_EQ(checksums.size(), 1U);
  std::sort(parts.begin(), parts.end());
  std::vector<std::string> merged;
  for (const auto& part : parts) merged.push_back(std::get<2>(part));
  EXPECT_EQ(merged, whole);
}

TEST_F(ListingTest, AFolderGivenAsAnArgumentMayBeNamedLikeAFile) {
  folder_.write("album.jpg/a.jpg", "x");
  folder_.write("backup.tar/b.jpg", "x");
  for (const ShardUnit unit : {ShardUnit::kImage, ShardUnit::kInput}) {
    std::set<std::string> names;
    for (uint64_t number = 1; number <= 4; ++number) {
      ListingOptions options;
      options.inputs = {path("album.jpg"), path("backup.tar")};
      options.shard = {number, 4, unit};
      for (const BatchInput& input : list_all(options)) names.insert(input.path);
    }
    EXPECT_EQ(names, (std::set<std::string>{path("album.jpg/a.jpg"), path("backup.tar/b.jpg")}));
  }
}

TEST_F(ListingTest, OfFilesAloneArchivesAreListedThemselves) {
  fs::create_directories(path("in"));
  testing::write_archive(path("in/a.tar"), {{"a.jpg", "1"}});
  folder_.write("in/b.jpg", "x");
  ListingOptions options;
  options.inputs = {path("in"), path("gone.zip")};
  options.files_only = true;
  std::vector<std::string> names;
  for (const BatchInput& input : list_all(options)) names.push_back(input.path);
  EXPECT_EQ(names, (std::vector<std::string>{path("in/a.tar"), path("in/b.jpg"), path("gone.zip")}));
}

TEST_F(ListingTest, ArchivesComeFromPipes) {
  folder_.write("two/a.jpg", "first");
  fs::create_hard_link(path("two/a.jpg"), path("two/link.jpg"));
  const std::string tar = path("archive");
  const std::string command = "tar -C " + path("two") + " -cf " + tar + " a.jpg link.jpg";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "no tar";
  const std::string pipe = path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] {
    const Descriptor to(::open(pipe.c_str(), O_WRONLY));
    const std::string bytes = read_file(tar, 1 << 20, ErrorKind::kInput);
    EXPECT_EQ(::write(to.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  });
  ListingOptions options;
  options.tars = {pipe};
  const std::vector<BatchInput> inputs = list_all(options);
  writer.join();
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].path, pipe + "!a.jpg");
  EXPECT_EQ(inputs[0].bytes, "first");
  EXPECT_EQ(inputs[1].path, pipe + "!link.jpg");
  ASSERT_TRUE(inputs[1].error);
  EXPECT_THAT(inputs[1].error->message(), HasSubstr("cannot be followed in a pipe"));
  options.tars = {tar};  // of any name
  EXPECT_EQ(list_all(options).back().bytes, "first");
}

}  // namespace
}  // namespace kiloword
