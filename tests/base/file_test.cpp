#include "kiloword/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "support/message_of.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::message_of;
using testing::TemporaryFolder;

TEST(ReadFile, GivesTheBytes) {
  const TemporaryFolder folder;
  const std::string content("a\0b\n", 4);
  EXPECT_EQ(read_file(folder.write("f", content), 4, ErrorKind::kInput), content);
}

TEST(ReadFile, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  const auto read = [&](const std::filesystem::path& path) {
    return message_of([&] { read_file(path, 3, ErrorKind::kInput); });
  };
  EXPECT_EQ(read(folder.path() / "absent"), "no such file or directory");
  EXPECT_EQ(read(folder.path()), "is a directory");
  EXPECT_EQ(read(folder.write("big", "1234")), "larger than the limit of 3 bytes");
  std::filesystem::create_symlink("loop", folder.path() / "loop");
  EXPECT_EQ(read(folder.path() / "loop"), "too many levels of symbolic links");
  EXPECT_EQ(read("/dev/zero"), "larger than the limit of 3 bytes");
  EXPECT_EQ(message_of([] { read_file("/proc/self/mem", 3, ErrorKind::kInput); }),
            "cannot read: input/output error");
}

TEST(ReadFile, FileWithoutPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryFolder folder;
  std::filesystem::permissions(folder.write("locked", "x"), std::filesystem::perms::none);
  EXPECT_EQ(message_of([&] { read_file(folder.path() / "locked", 3, ErrorKind::kInput); }),
            "permission denied");
}

TEST(WriteFileAtomically, MakesFoldersAndLeavesNothingElse) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a" / "b";
  write_file_atomically(path, "one");
  write_file_atomically(path, "two");
  EXPECT_EQ(read_file(path, 10, ErrorKind::kInput), "two");
  const std::filesystem::directory_iterator files(folder.path() / "a");
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST(WriteFileAtomically, FailsWithoutLeavingATemporaryFile) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "taken");
  std::filesystem::create_directory(folder.path() / "taken" / "full");
  EXPECT_EQ(message_of([&] { write_file_atomically(folder.path() / "taken", "x"); }),
            "cannot write: is a directory");
  const std::filesystem::directory_iterator files(folder.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
  EXPECT_EQ(message_of([&] { write_file_atomically(folder.write("file", "") / "x", "x"); }),
            "cannot write: not a directory");
}

TEST(WriteFileAtomically, WritesThroughASymbolicLink) {
  const TemporaryFolder folder;
  const auto target = folder.write("target", "old");
  std::filesystem::create_symlink("target", folder.path() / "link");
  write_file_atomically(folder.path() / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "link"));
  EXPECT_EQ(read_file(target, 10, ErrorKind::kInput), "new");
}

TEST(WriteFileAtomically, APipeIsWrittenNotReplaced) {
  const TemporaryFolder folder;
  const std::filesystem::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string content(200000, 'x');  // more than a pipe holds
  std::thread writer([&] { write_file_atomically(pipe, content); });
  EXPECT_EQ(read_file(pipe, 1000000, ErrorKind::kInput), content);
  writer.join();
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST(WriteFileAtomically, ReadersNeverSeeAHalf) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f";
  const std::vector<std::string> contents{std::string(100000, 'a'), std::string(100000, 'b')};
  write_file_atomically(path, contents[0]);
  std::vector<std::thread> writers;
  writers.reserve(contents.size());
  for (const std::string& content : contents) {
    writers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) write_file_atomically(path, content);
    });
  }
  for (int i = 0; i < 200; ++i) {
    const std::string seen = read_file(path, 1000000, ErrorKind::kInput);
    ASSERT_TRUE(seen == contents[0] || seen == contents[1]);
  }
  for (std::thread& writer : writers) writer.join();
}

TEST(ReadFile, TakesNoMoreMemoryThanTheFile) {
  const TemporaryFolder folder;
  const std::string content(5'000'000, 'x');
  const std::string read = read_file(folder.write("f", content), 10'000'000, ErrorKind::kInput);
  EXPECT_EQ(read, content);
  EXPECT_LT(read.capacity(), content.size() + 1000);
}

TEST(ReadFile, WaitsForNoPipeInAModel) {
  const TemporaryFolder folder;
  const auto pipe = folder.path() / "config.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(message_of([&] { read_file(pipe, 3, ErrorKind::kModel); }), "not a regular file");
  EXPECT_EQ(message_of([&] { MappedFile(pipe, ErrorKind::kModel); }), "not a regular file");
  EXPECT_EQ(message_of([] { read_file("/dev/zero", 3, ErrorKind::kModel); }), "not a regular file");
}

TEST(MappedFile, MapsMovesAndRefuses) {
  const TemporaryFolder folder;
  MappedFile first(folder.write("f", "content"), ErrorKind::kModel);
  MappedFile second(std::move(first));
  EXPECT_EQ(second.bytes(), "content");
  second = MappedFile(folder.write("empty", ""), ErrorKind::kModel);
  EXPECT_EQ(second.bytes(), "");
  EXPECT_EQ(message_of([&] { MappedFile(folder.path(), ErrorKind::kModel); }), "is a directory");
  EXPECT_EQ(message_of([] { MappedFile("/dev/null", ErrorKind::kModel); }), "not a regular file");
}

TEST(MappedFile, NoticesWritesButNotAnotherFileUnderItsName) {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "content");
  const MappedFile mapped(path, ErrorKind::kModel);
  EXPECT_TRUE(mapped.unchanged());
  write_file_atomically(path, "new");
  EXPECT_TRUE(mapped.unchanged());
  EXPECT_EQ(mapped.bytes(), "content");
  const MappedFile again(path, ErrorKind::kModel);
  folder.write("f", "newer");
  EXPECT_FALSE(again.unchanged());
}

}  // namespace
}  // namespace kiloword
