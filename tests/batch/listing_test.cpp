// Lists in shards, and archives from pipes.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

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
  static std::vector<BatchInput> list(ListingOptions options) {
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
  const std::vector<BatchInput> inputs = list(options);
  writer.join();
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].path, pipe + "!a.jpg");
  EXPECT_EQ(inputs[0].bytes, "first");
  EXPECT_EQ(inputs[1].path, pipe + "!link.jpg");
  ASSERT_TRUE(inputs[1].error);
  EXPECT_THAT(inputs[1].error->message(), HasSubstr("a pipe is read only once"));
  options.tars = {tar};  // of any name
  EXPECT_EQ(list(options).back().bytes, "first");
}

}  // namespace
}  // namespace kiloword
