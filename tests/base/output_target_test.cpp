#include "kiloword/base/output_target.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "kiloword/base/atomic_file.h"
#include "kiloword/base/file.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

class OutputTargetTest : public ::testing::Test {
 protected:
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  std::string content(const std::string& name) const {
    return read_file(path(name), 1000, ErrorKind::kInput);
  }
  mode_t mode(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::stat(path(name).c_str(), &status), 0);
    return status.st_mode & 07777U;
  }
  size_t files() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }

  testing::TemporaryFolder folder_;
};

TEST_F(OutputTargetTest, ANewFileHasTheModeThatTheUmaskLeaves) {
  for (const mode_t mask : {mode_t{0077}, mode_t{0027}, mode_t{0002}}) {
    const std::string name = std::to_string(mask);
    const mode_t before = ::umask(mask);
    write_file_atomically(path(name), "x");
    ::umask(before);
    EXPECT_EQ(mode(name), 0666U & ~mask);
  }
}

TEST_F(OutputTargetTest, AReplacedFileKeepsModeAndOwner) {
  folder_.write("o", "old");
  ASSERT_EQ(::chmod(path("o").c_str(), 0640), 0);
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::chown(path("o").c_str(), 12, 34), 0);
  }
  write_file_atomically(path("o"), "new");
  EXPECT_EQ(content("o"), "new");
  EXPECT_EQ(mode("o"), 0640U);
  struct stat status {};
  ASSERT_EQ(::stat(path("o").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, root ? 12U : ::geteuid());
  EXPECT_EQ(status.st_gid, root ? 34U : status.st_gid);
}

TEST_F(OutputTargetTest, ALinkToNothingMakesItsTarget) {
  fs::create_symlink("target", path("link"));
  write_file_atomically(path("link"), "x");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content("target"), "x");
}

TEST_F(OutputTargetTest, NothingGoesThroughALinkThatIsIgnored) {
  folder_.write("target", "precious");
  fs::create_symlink("target", path("link"));
  AtomicFile kept(path("link"), AtomicFile::Links::kIgnore);
  kept.write("x");
  EXPECT_FALSE(kept.commit_new());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  AtomicFile replacing(path("link"), AtomicFile::Links::kIgnore);
  replacing.write("x");
  replacing.commit();
  EXPECT_FALSE(fs::is_symlink(path("link")));
  EXPECT_EQ(content("target"), "precious");
}

TEST_F(OutputTargetTest, CommitNewMakesAFileOrLeavesWhatIsThere) {
  {
    AtomicFile file(path("o"), AtomicFile::Links::kIgnore);
    file.write("first");
    EXPECT_TRUE(file.commit_new());
    AtomicFile second(path("o"), AtomicFile::Links::kIgnore);
    second.write("second");
    EXPECT_FALSE(second.commit_new());
  }
  EXPECT_EQ(content("o"), "first");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputTargetTest, DevicesPipesAndDescriptorsAreStreams) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  fs::create_symlink("pipe", path("link"));
  for (const fs::path& stream : {fs::path("/dev/null"), fs::path("/dev/stdout"), fs::path("/dev/fd/1"),
                                 fs::path("/proc/self/fd/1"), path("pipe"), path("link")}) {
    EXPECT_EQ(output_kind(stream), OutputKind::kStream) << stream;
  }
  folder_.write("o", "");
  EXPECT_EQ(output_kind(path("o")), OutputKind::kFile);
  EXPECT_EQ(output_kind(path("absent")), OutputKind::kAbsent);
  EXPECT_EQ(output_kind("1"), OutputKind::kAbsent);
}

TEST_F(OutputTargetTest, AnOpenDescriptorIsWrittenWhereItStands) {
  folder_.write("log", "before\n");
  const Descriptor log(::open(path("log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  write_file_atomically("/dev/fd/" + std::to_string(log.get()), "x\n");
  EXPECT_EQ(content("log"), "before\nx\n");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputTargetTest, WhatAKilledProcessLeftIsRemovedAndWhatALivingOneHoldsIsNot) {
  const pid_t killed = ::fork();
  if (killed == 0) {
    AtomicFile file(path("o"));
    file.write("half");
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(killed, &status, 0), killed);
  ASSERT_EQ(files(), 1U);
  folder_.write("o.backup", "of the user");
  folder_.write("o.kiloword-backup.txt", "of the user");
  folder_.write("o.kiloword-captions", "of the user");
  folder_.write("o.kiloword-20300101", "of the user");
  folder_.write("living.kiloword-abcd1234", "half");
  const Descriptor held(::open(path("living.kiloword-abcd1234").c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
  write_file_atomically(path("other"), "x");
  EXPECT_EQ(files(), 6U);
  EXPECT_TRUE(fs::exists(path("living.kiloword-abcd1234")));
}

TEST_F(OutputTargetTest, ALongNameHasATemporaryOneToo) {
  const std::string longest(255, 'n');
  write_file_atomically(path(longest), "x");
  EXPECT_EQ(content(longest), "x");
}

TEST_F(OutputTargetTest, AnInputIsKnownByWhateverName) {
  folder_.write("in.jpg", "x");
  fs::create_symlink("in.jpg", path("link"));
  fs::create_hard_link(path("in.jpg"), path("hard"));
  for (const char* name : {"in.jpg", "link", "hard", "./in.jpg"}) {
    EXPECT_THROW(refuse_input_as_output(path(name), {"-", "", path("in.jpg").string()}), Error) << name;
  }
  folder_.write("copy.jpg", "x");
  EXPECT_NO_THROW(refuse_input_as_output(path("copy.jpg"), {path("in.jpg").string(), path("copy").string()}));
  EXPECT_NO_THROW(refuse_input_as_output("/dev/null", {"/dev/null"}));
}

}  // namespace
}  // namespace kiloword
