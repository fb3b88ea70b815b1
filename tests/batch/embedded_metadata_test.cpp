#include "kiloword/batch/embedded_metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "batch/rows.h"
#include "batch/xmp_packet.h"
#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"
#include "support/run_program.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using testing::content;
using ::testing::HasSubstr;

class EmbeddedMetadataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!can_write_xmp()) GTEST_SKIP() << "built without libexempi";
  }

  /// A copy of an image of the tests.
  std::string image(const std::string& name) const {
    const fs::path copy = folder_.path() / name;
    fs::copy_file(fs::path(KILOWORD_TESTS_DIR) / "image/data" / name, copy,
                  fs::copy_options::overwrite_existing);
    fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
    return copy.string();
  }

  static RowValues values(const std::string& text = "A dog & a \"cat\" <b> \u00fc.") {
    RowValues values;
    values.text = text;
    values.tags = {"dog", "cat"};
    return values;
  }

  EmbedResult embed(const std::string& path, const RowValues& values, bool replaces = false) {
    return embed_metadata(path, values, replaces, {}, stamp_);
  }

  std::string refusal(const std::string& path) {
    const std::string before = content(path);
    try {
      embed(path, values());
      return "none";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kOutput);
      EXPECT_EQ(content(path), before);
      return error.message();
    }
  }

  static std::string exiftool(const std::string& tag, const std::string& path) {
    return testing::run_program({"exiftool", "-s3", "-charset", "utf8", tag, path}, {}).out;
  }

  testing::TemporaryFolder folder_;
  std::optional<FileStamp> stamp_;
};

TEST_F(EmbeddedMetadataTest, ImagesKeepTheirPixelsAndOtherProgramsReadIt) {
  for (const char* name : {"rgb.jpg", "progressive.jpg", "cmyk.jpg", "turned.jpg", "rgb.png", "rgba.png",
                           "turned.png", "sixteen.png", "lzw.tif", "rgba.tif", "turned.tif", "lossy.webp",
                           "lossless.webp", "turned.webp", "animated.webp"}) {
    const std::string path = image(name);
    const Image before = decode_image(content(path));
    EXPECT_EQ(embed(path, values()), EmbedResult::kWritten) << name;
    ASSERT_TRUE(stamp_);
    EXPECT_EQ(stamp_->bytes, fs::file_size(path));
    EXPECT_EQ(decode_image(content(path)).rgb, before.rgb) << name;
    EXPECT_THAT(content(path), HasSubstr("A dog &amp; a ")) << name;
    const std::string written = content(path);
    EXPECT_EQ(embed(path, values()), EmbedResult::kUnchanged) << name;
    EXPECT_EQ(content(path), written);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1) << name;
    fs::remove(path);
  }
}

TEST_F(EmbeddedMetadataTest, ExiftoolReadsWhatWasWritten) {
  if (testing::run_program({"sh", "-c", "command -v exiftool"}, {}).exit_code != 0) {
    GTEST_SKIP() << "no exiftool to read the images with";
  }
  for (const char* name : {"rgb.jpg", "rgb.png", "lzw.tif", "lossy.webp", "turned.jpg", "turned.webp"}) {
    const std::string path = image(name);
    const std::string orientation = exiftool("-EXIF:Orientation", path);
    embed(path, values());
    EXPECT_EQ(exiftool("-XMP-dc:Description", path), "A dog & a \"cat\" <b> \u00fc.\n") << name;
    EXPECT_EQ(exiftool("-XMP-iptcCore:AltTextAccessibility", path), "A dog & a \"cat\" <b> \u00fc.\n")
        << name;
    EXPECT_EQ(exiftool("-XMP-dc:Subject", path), "dog, cat\n") << name;
    EXPECT_EQ(exiftool("-EXIF:Orientation", path), orientation) << name;
    EXPECT_EQ(exiftool("-Warning", path), "") << name;
  }
}

TEST_F(EmbeddedMetadataTest, ADescriptionInExifStaysToo) {
  const std::string path = image("rgb.jpg");
  const testing::ProgramResult set =
      testing::run_program({"sh", "-c",
                            "command -v exiftool > /dev/null || exit 77; exiftool -q -overwrite_original "
                            "-EXIF:ImageDescription='Ada and a dog' -EXIF:Artist=Grace '" +
                                path + "'"},
                           {});
  if (set.exit_code == 77) GTEST_SKIP() << "no exiftool to write EXIF with";
  embed(path, values());
  EXPECT_EQ(exiftool("-EXIF:ImageDescription", path), "Ada and a dog\n");
  EXPECT_EQ(exiftool("-XMP-dc:Description", path), "Ada and a dog\n");
  EXPECT_EQ(exiftool("-XMP-dc:Subject", path), "dog, cat\n");
  embed(path, values(), /*replaces=*/true);
  EXPECT_EQ(exiftool("-XMP-dc:Description", path), exiftool("-EXIF:ImageDescription", path));
  EXPECT_EQ(exiftool("-EXIF:Artist", path), "Grace\n");
}

TEST_F(EmbeddedMetadataTest, WhatIsThereStaysUnlessItIsReplaced) {
  for (const char* name : {"rgb.jpg", "lossy.webp"}) {
    const std::string path = image(name);
    embed(path, values("The first."));
    RowValues second = values("The second.");
    second.tags = {"dog", "horse"};
    EXPECT_EQ(embed(path, second), EmbedResult::kWritten);
    EXPECT_THAT(content(path), HasSubstr("The first."));
    EXPECT_THAT(content(path), HasSubstr("cat"));
    EXPECT_THAT(content(path), HasSubstr("horse"));
    EXPECT_EQ(embed(path, second, /*replaces=*/true), EmbedResult::kWritten);
    EXPECT_THAT(content(path), HasSubstr("The second."));
    EXPECT_EQ(content(path).find(">The first."), std::string::npos);
    EXPECT_EQ(content(path).find("<rdf:li>cat"), std::string::npos);
  }
}

TEST_F(EmbeddedMetadataTest, LinksReadOnlyFilesAndOtherFormatsAreLeftAlone) {
  const std::string path = image("rgb.jpg");
  EXPECT_EQ(embed(path, values("")), EmbedResult::kNothing);
  const std::string link = (folder_.path() / "link.jpg").string();
  fs::create_symlink("rgb.jpg", link);
  EXPECT_THAT(refusal(link), HasSubstr("symbolic link"));
  EXPECT_TRUE(fs::is_symlink(link));
  const std::string name = (folder_.path() / "name.jpg").string();
  fs::create_hard_link(path, name);
  EXPECT_THAT(refusal(path), HasSubstr("several names"));
  fs::remove(name);
  fs::permissions(path, fs::perms::owner_read);
  EXPECT_THAT(refusal(path), HasSubstr("read-only"));
  EXPECT_THAT(refusal(image("flat.gif")), HasSubstr("format"));
  EXPECT_THAT(refusal(folder_.write("torn.jpg", content(image("grey.jpg")).substr(0, 300)).string()),
              HasSubstr(""));
}

}  // namespace
}  // namespace kiloword
