#include "kiloword/batch/folder_watch.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "kiloword/base/descriptor.h"
#include "kiloword/batch/input_lister.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr milliseconds kQuiet(300);

class FolderWatchTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(inbox()); }

  fs::path inbox() const { return folder_.path() / "inbox"; }

  FolderWatch& watch() {
    if (!watch_) {
      WatchOptions options;
      options.folders = {inbox().string()};
      options.stop = [this] { return std::chrono::steady_clock::now() > deadline_; };
      options.patience = milliseconds(600);
      options.quiet = kQuiet;
      watch_.emplace(std::move(options));
    }
    return *watch_;
  }

  /// What comes before `ms` have passed, relative to the inbox.
  std::vector<std::string> arrivals(int ms) {
    watch();
    deadline_ = std::chrono::steady_clock::now() + milliseconds(ms);
    std::vector<std::string> names;
    while (const auto path = watch_->next())
      names.push_back(fs::path(*path).lexically_relative(inbox()).string());
    return names;
  }

  void write(const std::string& name, const std::string& text = "x") const {
    folder_.write("inbox/" + name, text);
  }

  testing::TemporaryFolder folder_;
  std::optional<FolderWatch> watch_;
  std::chrono::steady_clock::time_point deadline_;
};

TEST_F(FolderWatchTest, WhatIsThereComesFirstInTheOrderOfNames) {
  for (const char* name : {"b.jpg", "a/c.png", "a.jpg", "notes.txt"}) write(name);
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (const char* name : {"b.jpg", "a/c.png", "a.jpg"}) fs::last_write_time(inbox() / name, old);
  EXPECT_THAT(arrivals(300), ElementsAre("a/c.png", "a.jpg", "b.jpg"));
  EXPECT_THAT(arrivals(300), IsEmpty());
}

TEST_F(FolderWatchTest, FilesComeWhenTheyAreClosed) {
  watch();
  Descriptor upload(::open((inbox() / "u.jpg").c_str(), O_CREAT | O_WRONLY, 0600));
  ASSERT_EQ(::write(upload.get(), "half", 4), 4);
  EXPECT_THAT(arrivals(800), IsEmpty());
  ASSERT_EQ(::write(upload.get(), "whole", 5), 5);
  upload.close();
  EXPECT_THAT(arrivals(400), ElementsAre("u.jpg"));
}

TEST_F(FolderWatchTest, AFileThatIsBeingWrittenAtTheStartIsWaitedFor) {
  std::ofstream growing(inbox() / "g.jpg");
  watch();
  std::atomic<bool> closed{false};
  std::thread writer([&] {
    for (int i = 0; i < 10; ++i) {
      growing << "more" << std::flush;
      std::this_thread::sleep_for(milliseconds(60));
    }
    closed = true;
    growing.close();
  });
  deadline_ = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  EXPECT_TRUE(watch_->next());
  EXPECT_TRUE(closed);
  writer.join();
}

TEST_F(FolderWatchTest, MovesAndLinksCome) {
  watch();
  folder_.write("outside/m.jpg", "x");
  folder_.write("outside/deep/d.jpg", "x");
  folder_.write("outside/l.jpg", "x");
  fs::rename(folder_.path() / "outside/m.jpg", inbox() / "m.jpg");
  fs::rename(folder_.path() / "outside/deep", inbox() / "deep");
  fs::create_hard_link(folder_.path() / "outside/l.jpg", inbox() / "hard.jpg");
  fs::create_symlink(folder_.path() / "outside/l.jpg", inbox() / "soft.jpg");
  EXPECT_THAT(arrivals(1200), UnorderedElementsAre("m.jpg", "deep/d.jpg", "hard.jpg", "soft.jpg"));
  fs::rename(inbox() / "m.jpg", inbox() / "renamed.jpg");
  fs::rename(inbox() / "deep", inbox() / "deeper");
  EXPECT_THAT(arrivals(800), UnorderedElementsAre("renamed.jpg", "deeper/d.jpg"));
  write("deeper/later.jpg");
  EXPECT_THAT(arrivals(400), ElementsAre("deeper/later.jpg"));
}

TEST_F(FolderWatchTest, NewFoldersAreWatchedToo) {
  watch();
  fs::create_directories(inbox() / "a/b/c");
  arrivals(200);
  write("a/b/c/x.jpg");
  write("a/notes.txt");
  write("a/.hidden.jpg");
  EXPECT_THAT(arrivals(800), ElementsAre("a/b/c/x.jpg"));
}

TEST_F(FolderWatchTest, AChangedFileComesAgainAnUnchangedOneNot) {
  watch();
  write("a.jpg", "one");
  EXPECT_THAT(arrivals(400), ElementsAre("a.jpg"));
  write("a.jpg", "other");
  EXPECT_THAT(arrivals(400), ElementsAre("a.jpg"));
  { const Descriptor touched(::open((inbox() / "a.jpg").c_str(), O_WRONLY)); }
  EXPECT_THAT(arrivals(400), IsEmpty());
}

TEST_F(FolderWatchTest, WhatGoesAgainAtOnceIsNoFile) {
  watch();
  write("a.jpg");
  fs::remove(inbox() / "a.jpg");
  ASSERT_EQ(::mkfifo((inbox() / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_THAT(arrivals(600), IsEmpty());
}

TEST_F(FolderWatchTest, AFloodLosesNothing) {
  std::ifstream limit_file("/proc/sys/fs/inotify/max_queued_events");
  int limit = 16384;
  limit_file >> limit;
  const int files = std::min(limit, 40000) / 2 + 1000;  // each makes two events: the kernel drops some
  watch();
  fs::create_directories(inbox() / "f");
  arrivals(150);
  for (int i = 0; i < files; ++i) {
    const std::string path = (inbox() / "f" / (std::to_string(i) + ".jpg")).string();
    Descriptor(::open(path.c_str(), O_CREAT | O_WRONLY, 0600)).close();
  }
  std::set<std::string> names;
  for (int round = 0; round < 40 && names.size() < static_cast<size_t>(files); ++round) {
    for (std::string& name : arrivals(500)) EXPECT_TRUE(names.insert(std::move(name)).second);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(files));
}

TEST_F(FolderWatchTest, AFolderThatIsGoneEndsIt) {
  watch();
  fs::remove_all(inbox());
  EXPECT_THAT(arrivals(5000), IsEmpty());
  ASSERT_TRUE(watch_->failure());
  EXPECT_EQ(watch_->failure()->where(), inbox().string());
  EXPECT_THAT(watch_->failure()->message(), HasSubstr("no longer exists"));
}

TEST_F(FolderWatchTest, AFolderThatComesBackIsGoneOnWith) {
  write("a.jpg");
  EXPECT_THAT(arrivals(800), ElementsAre("a.jpg"));
  fs::rename(inbox(), folder_.path() / "elsewhere");
  EXPECT_THAT(arrivals(250), IsEmpty());
  folder_.write("elsewhere/ignored.jpg", "x");
  fs::create_directories(inbox());
  write("b.jpg");
  EXPECT_THAT(arrivals(1000), ElementsAre("b.jpg"));
  write("c.jpg");
  EXPECT_THAT(arrivals(400), ElementsAre("c.jpg"));
  EXPECT_FALSE(watch_->failure());
}

TEST_F(FolderWatchTest, OnlyFoldersAreWatched) {
  WatchOptions options;
  options.folders = {(folder_.path() / "none").string()};
  EXPECT_THROW(FolderWatch{options}, Error);
  folder_.write("file.jpg", "x");
  options.folders = {(folder_.path() / "file.jpg").string()};
  EXPECT_THROW(FolderWatch{options}, Error);
}

TEST_F(FolderWatchTest, ArrivalsAreListedLikeOtherInputs) {
  WatchOptions options;
  options.folders = {inbox().string()};
  options.quiet = milliseconds(0);
  bool stop = false;
  options.stop = [&stop] { return stop; };
  ListingOptions listing;
  listing.watch = std::make_shared<FolderWatch>(std::move(options));
  InputLister lister(std::move(listing));
  write("a.jpg", "abc");
  const auto input = lister.next();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->path, (inbox() / "a.jpg").string());
  EXPECT_EQ(input->index, 0U);
  EXPECT_EQ(input->stamp->bytes, 3U);
  stop = true;
  EXPECT_FALSE(lister.next());
}

}  // namespace
}  // namespace kiloword
