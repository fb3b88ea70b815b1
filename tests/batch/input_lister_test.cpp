#include "kiloword/batch/input_lister.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "batch/archive_builder.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class InputListerTest : public ::testing::Test {
 protected:
  std::vector<BatchInput> list(ListingOptions options) const {
    InputLister lister(std::move(options));
    std::vector<BatchInput> inputs;
    while (auto input = lister.next()) inputs.push_back(std::move(*input));
    return inputs;
  }

  /// The paths listed, relative to the test's folder.
  std::vector<std::string> paths(ListingOptions options) const {
    std::vector<std::string> paths;
    for (const BatchInput& input : list(std::move(options))) {
      paths.push_back(input.path.substr(folder_.path().string().size() + 1));
    }
    return paths;
  }

  ListingOptions everything() const {
    ListingOptions options;
    options.inputs = {folder_.path().string()};
    return options;
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  testing::TemporaryFolder folder_;
};

TEST_F(InputListerTest, FoldersAreListedInTheOrderOfNames) {
  for (const char* name : {"b.jpg", "a/z.png", "a/b/c.JPEG", "c.webp", "a.jpg", "notes.txt", "a/README"}) {
    folder_.write(name, "x");
  }
  EXPECT_THAT(paths(everything()), ElementsAre("a/b/c.JPEG", "a/z.png", "a.jpg", "b.jpg", "c.webp"));
}

TEST_F(InputListerTest, IndicesCountAndStampsTellSizeAndTime) {
  folder_.write("a.jpg", "12345");
  folder_.write("b.jpg", "");
  fs::create_symlink("nowhere", folder_.path() / "c.jpg");
  const timespec times[2] = {{1, 0}, {1700000000, 123456789}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path("a.jpg").c_str(), times, 0), 0);
  const std::vector<BatchInput> inputs = list(everything());
  ASSERT_EQ(inputs.size(), 3U);
  EXPECT_EQ(inputs[0].stamp, (FileStamp{5, 1700000000123456789}));
  EXPECT_EQ(inputs[1].stamp->bytes, 0U);
  EXPECT_EQ(inputs[2].index, 2U);
  EXPECT_FALSE(inputs[2].stamp);
}

TEST_F(InputListerTest, HiddenNamesOnlyWhenAsked) {
  for (const char* name : {".h.jpg", ".d/a.jpg", "v.jpg"}) folder_.write(name, "x");
  EXPECT_THAT(paths(everything()), ElementsAre("v.jpg"));
  ListingOptions options = everything();
  options.filter.hidden = true;
  EXPECT_THAT(paths(options), ElementsAre(".d/a.jpg", ".h.jpg", "v.jpg"));
}

TEST_F(InputListerTest, IncludeAndExclude) {
  for (const char* name : {"a.jpg", "a.png", "raw/a.xyz", "raw/b.jpg", "thumbs/a.jpg", "x/thumbs/b.jpg"}) {
    folder_.write(name, "x");
  }
  ListingOptions options = everything();
  options.filter.exclude = {"thumbs"};
  EXPECT_THAT(paths(options), ElementsAre("a.jpg", "a.png", "raw/b.jpg"));
  options.filter.include = {"*.xyz", "raw/*.jpg"};
  EXPECT_THAT(paths(options), ElementsAre("raw/a.xyz", "raw/b.jpg"));
  options.filter.exclude = {"raw/b*"};
  EXPECT_THAT(paths(options), ElementsAre("raw/a.xyz"));
}

TEST_F(InputListerTest, LinksAreFollowedButNeverInACircle) {
  folder_.write("a/one.jpg", "x");
  folder_.write("outside.jpg", "x");
  fs::create_directory_symlink("..", folder_.path() / "a" / "up");
  fs::create_directory_symlink(".", folder_.path() / "a" / "self");
  fs::create_symlink("../outside.jpg", folder_.path() / "a" / "two.jpg");
  fs::create_directory_symlink("a", folder_.path() / "b");
  EXPECT_THAT(paths(everything()),
              ElementsAre("a/one.jpg", "a/two.jpg", "b/one.jpg", "b/two.jpg", "outside.jpg"));
}

TEST_F(InputListerTest, PipesInFoldersAreLeftOut) {
  ASSERT_EQ(::mkfifo(path("pipe.jpg").c_str(), 0600), 0);
  folder_.write("a.jpg", "x");
  EXPECT_THAT(paths(everything()), ElementsAre("a.jpg"));
}

TEST_F(InputListerTest, ArgumentsAreTakenAsTheyAre) {
  folder_.write("notes.txt", "x");
  ListingOptions options;
  options.inputs = {path("notes.txt"), path("missing.jpg"), "-"};
  const std::vector<BatchInput> inputs = list(options);
  ASSERT_EQ(inputs.size(), 3U);
  EXPECT_TRUE(inputs[0].stamp);
  EXPECT_FALSE(inputs[1].stamp);
  EXPECT_EQ(inputs[2].path, "-");
}

TEST_F(InputListerTest, AFolderThatVanishesIsAnInputWithAnError) {
  folder_.write("gone/a.jpg", "x");
  folder_.write("first.jpg", "x");
  InputLister lister(everything());
  EXPECT_THAT(lister.next()->path, HasSubstr("first.jpg"));
  fs::remove_all(folder_.path() / "gone");
  const auto input = lister.next();
  ASSERT_TRUE(input && input->error);
  EXPECT_THAT(input->error->what(), HasSubstr("cannot list the folder: no such file"));
  EXPECT_FALSE(lister.next());
}

TEST_F(InputListerTest, ListsOfLinesAndOfNulEndedPaths) {
  folder_.write("sub/s.jpg", "x");
  folder_.write("lines", path("a.jpg") + "\r\n\n" + path("sub") + "\n" + path("no end.jpg"));
  folder_.write("nuls", path("new\nline.jpg") + std::string(1, '\0') + path("z.jpg") + std::string(2, '\0'));
  ListingOptions options;
  options.inputs = {path("first.jpg")};
  options.files_from = path("lines");
  options.files0_from = path("nuls");
  EXPECT_THAT(paths(options),
              ElementsAre("first.jpg", "a.jpg", "sub/s.jpg", "no end.jpg", "new\nline.jpg", "z.jpg"));
}

TEST_F(InputListerTest, LongListsAndListsThatAreNone) {
  std::string lines;
  for (int i = 0; i < 20000; ++i) lines += path("a") + std::to_string(i) + "\n";
  folder_.write("long", lines);
  ListingOptions options;
  options.files_from = path("long");
  EXPECT_EQ(list(options).size(), 20000U);
  options.files_from = path("missing");
  EXPECT_THROW(list(options), Error);
  folder_.write("nul", std::string("a\0b\n", 4));
  options.files_from = path("nul");
  EXPECT_THROW(list(options), Error);
  folder_.write("endless", std::string(200000, 'a'));
  options.files_from = path("endless");
  EXPECT_THROW(list(options), Error);
}

TEST_F(InputListerTest, MembersOfArchives) {
  for (const char* name : {"a.tar", "a.tar.gz", "a.tar.zst", "a.tar.xz", "a.tar.bz2", "a.zip"}) {
    testing::write_archive(path(name), {{"one.jpg", "first"},
                                        {"dir/two.png", "second"},
                                        {"dir/notes.txt", "no"},
                                        {".hidden.jpg", "no"},
                                        {"sch\xC3\xB6n.jpg", ""}});
    ListingOptions options;
    options.inputs = {path(name)};
    EXPECT_THAT(paths(options),
                ElementsAre(std::string(name) + "!one.jpg", std::string(name) + "!dir/two.png",
                            std::string(name) + "!sch\xC3\xB6n.jpg"));
    const std::vector<BatchInput> inputs = list(options);
    EXPECT_EQ(inputs[0].bytes, "first");
    EXPECT_EQ(inputs[1].bytes, "second");
    EXPECT_EQ(inputs[1].stamp, (FileStamp{6, int64_t{1700000000} * 1'000'000'000}));
    EXPECT_TRUE(inputs[2].archive_member);
  }
}

TEST_F(InputListerTest, AnArchiveThatBreaksOffGivesWhatItHasAndOneError) {
  testing::write_archive(path("a.tar"),
                         {{"one.jpg", std::string(2000, 'x')}, {"two.jpg", std::string(3000, 'y')}});
  std::string bytes = read_file(path("a.tar"), 1 << 20, ErrorKind::kInput);
  folder_.write("cut.tar", bytes.substr(0, 4000));
  folder_.write("junk.tar", std::string(5000, 'j'));
  folder_.write("empty.zip", "");
  ListingOptions options;
  options.inputs = {path("cut.tar"), path("junk.tar"), path("a.tar")};
  const std::vector<BatchInput> inputs = list(options);
  ASSERT_EQ(inputs.size(), 6U);
  EXPECT_EQ(inputs[0].bytes->size(), 2000U);
  ASSERT_TRUE(inputs[1].error);
  EXPECT_THAT(inputs[1].error->what(), HasSubstr("cut.tar!two.jpg"));
  ASSERT_TRUE(inputs[2].error);
  EXPECT_EQ(inputs[2].path, path("cut.tar"));
  ASSERT_TRUE(inputs[3].error);
  EXPECT_THAT(inputs[3].error->what(), HasSubstr("the rest of the archive cannot be read"));
  EXPECT_FALSE(inputs[4].error);
}

TEST_F(InputListerTest, ShardsPartTheListingAndKeepItsIndices) {
  for (int i = 0; i < 40; ++i) folder_.write("p" + std::to_string(i) + ".jpg", "x");
  std::vector<bool> seen(40, false);
  for (uint64_t number = 1; number <= 3; ++number) {
    ListingOptions options = everything();
    options.shard = {number, 3};
    for (const BatchInput& input : list(options)) {
      EXPECT_FALSE(seen[input.index]);
      seen[input.index] = true;
    }
  }
  EXPECT_THAT(seen, ::testing::Each(true));
}

TEST_F(InputListerTest, CountsAreTheSameWhateverTheOrder) {
  ListingOptions forwards;
  forwards.inputs = {path("a.jpg"), path("b.jpg")};
  ListingOptions backwards;
  backwards.inputs = {path("b.jpg"), path("a.jpg")};
  InputLister first(forwards);
  InputLister second(backwards);
  while (first.next()) {
  }
  while (second.next()) {
  }
  EXPECT_EQ(first.count().all, 2U);
  EXPECT_EQ(first.count().checksum, second.count().checksum);
}

TEST_F(InputListerTest, NamesOnlyListsTheSame) {
  folder_.write("a/b.jpg", "x");
  testing::write_archive(path("c.zip"), {{"one.jpg", "first"}});
  ListingOptions options = everything();
  options.inputs.push_back(path("c.zip"));
  options.inputs.push_back(path("missing"));
  const std::vector<std::string> full = paths(options);
  options.names_only = true;
  EXPECT_EQ(paths(options), full);
  EXPECT_FALSE(list(options)[1].bytes);
}

TEST_F(InputListerTest, WhatIsNotWantedIsCountedButNotRead) {
  testing::write_archive(path("c.zip"), {{"one.jpg", "first"}, {"two.jpg", "second"}});
  ListingOptions options;
  options.inputs = {path("c.zip")};
  InputLister lister(options);
  lister.set_wanted([](const BatchInput& input) { return input.index == 1; });
  const auto input = lister.next();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->bytes, "second");
  EXPECT_FALSE(lister.next());
  EXPECT_EQ(lister.count().all, 2U);
}

TEST_F(InputListerTest, AFolderOfArchivesGivesTheirMembers) {
  testing::write_archive(path("one.tar"), {{"a.jpg", "1"}, {"notes.txt", "n"}});
  testing::write_archive(path("sub.zip"), {{"b.png", "2"}});
  folder_.write("c.jpg", "3");
  EXPECT_THAT(paths(everything()), ElementsAre("c.jpg", "one.tar!a.jpg", "sub.zip!b.png"));
  ListingOptions options = everything();
  options.filter.include = {"*.png"};
  EXPECT_THAT(paths(options), ElementsAre("sub.zip!b.png"));
  options.filter.exclude = {"*.zip"};
  EXPECT_THAT(paths(options), ElementsAre());
}

TEST_F(InputListerTest, LinksInArchivesHaveTheContentOfTheirTarget) {
  folder_.write("tree/a.jpg", "content of a");
  for (int i = 0; i < 1000; ++i) {
    fs::create_hard_link(path("tree/a.jpg"), path("tree/h" + std::to_string(1000 + i) + ".jpg"));
  }
  fs::create_symlink("a.jpg", path("tree/s.jpg"));
  fs::create_symlink("s.jpg", path("tree/t.jpg"));
  fs::create_symlink("nowhere.jpg", path("tree/u.jpg"));
  fs::create_symlink("v.jpg", path("tree/v.jpg"));
  for (const char* name : {"plain.tar", "packed.tar.gz"}) {
    const std::string tar = "tar -C '" + path("tree") + "' -caf '" + path(name) + "' --sort=name .";
    ASSERT_EQ(std::system(tar.c_str()), 0);
    ListingOptions options;
    options.inputs = {path(name)};
    const std::vector<BatchInput> inputs = list(options);
    ASSERT_EQ(inputs.size(), 1005U);
    for (const BatchInput& input : inputs) {
      const bool broken =
          input.path.find("/u.jpg") != std::string::npos || input.path.find("/v.jpg") != std::string::npos;
      EXPECT_EQ(input.error.has_value(), broken) << input.path;
      EXPECT_EQ(input.bytes.value_or(""), broken ? "" : "content of a") << input.path;
      EXPECT_TRUE(input.stamp);
    }
  }
}

TEST_F(InputListerTest, WhatIsLeftOutIsCountedByKind) {
  for (const char* name : {"a.CR2", "b.nef", "c.pdf", "d.mp4", "d.txt", "noending", "e.heic", "f.avif",
                           "g.jxl", "h.mpo", "i.apng", "j.j2k", "k.pjpeg", ".hidden.mp4"}) {
    folder_.write(name, "x");
  }
  testing::write_archive(path("z.tar"), {{"m.mov", "x"}});
  InputLister lister(everything());
  std::vector<std::string> names;
  while (auto input = lister.next()) names.push_back(fs::path(input->path).filename());
  EXPECT_THAT(names, ElementsAre("a.CR2", "b.nef", "c.pdf", "e.heic", "f.avif", "g.jxl", "h.mpo", "i.apng",
                                 "j.j2k", "k.pjpeg"));
  EXPECT_EQ(lister.left_out().text(false), "2 videos");
  EXPECT_EQ(lister.left_out().text(true), "2 videos, 2 other files");
}

TEST_F(InputListerTest, OfMembersThatAreNoImagesTheStartIsRead) {
  constexpr size_t kMany = size_t{64} << 20;
  const std::string image = "\xFF\xD8\xFF" + std::string(200'000, '\0');
  testing::write_archive(path("z.tar"),
                         {{"a.jpg", std::string(kMany, '\0')}, {"b.jpg", image}, {"c.jpg", "short"}});
  ASSERT_EQ(std::system(("gzip -k '" + path("z.tar") + "'").c_str()), 0);
  for (const char* name : {"z.tar", "z.tar.gz"}) {
    ListingOptions options;
    options.inputs = {path(name)};
    const std::vector<BatchInput> inputs = list(options);
    ASSERT_EQ(inputs.size(), 3U);
    EXPECT_LE(inputs[0].bytes->size(), size_t{1} << 17) << name;
    EXPECT_GE(inputs[0].bytes->size(), size_t{64}) << name;
    EXPECT_EQ(inputs[1].bytes, image) << name;
    EXPECT_EQ(inputs[2].bytes, "short") << name;
  }
}

TEST_F(InputListerTest, MembersOfTarsHaveTheKeysOfTheirSamples) {
  testing::write_archive(path("a.tar"),
                         {{"000/a.b/07.left.jpg", "x"}, {"000/07.json", "{}"}, {"plain.png", "x"}});
  testing::write_archive(path("b.zip"), {{"c.jpg", "x"}});
  InputLister lister(everything());
  std::vector<std::string> keys;
  while (auto input = lister.next()) keys.push_back(input->key);
  EXPECT_THAT(keys, ElementsAre("000/a.b/07", "plain", ""));
}

TEST_F(InputListerTest, VideosAreListedWhereAskedFor) {
  for (const char* name : {"a.MP4", "b.jpg", "c.webm", "d.txt"}) folder_.write(name, "x");
  ListingOptions options = everything();
  options.filter.videos = true;
  InputLister lister(options);
  std::vector<std::string> names;
  while (auto input = lister.next()) names.push_back(fs::path(input->path).filename());
  EXPECT_THAT(names, ElementsAre("a.MP4", "b.jpg", "c.webm"));
}

TEST_F(InputListerTest, AByteOrderMarkIsNoPartOfAPath) {
  folder_.write("lines", "\xEF\xBB\xBF" + path("a.jpg") + "\n\xEF\xBB\xBF" + path("b.jpg") + "\n");
  ListingOptions options;
  options.files_from = path("lines");
  const std::vector<BatchInput> inputs = list(options);
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].path, path("a.jpg"));
  EXPECT_EQ(inputs[1].path, "\xEF\xBB\xBF" + path("b.jpg")) << "only at the beginning";
}

}  // namespace
}  // namespace kiloword
