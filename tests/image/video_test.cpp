// Videos are made by ffmpeg, which reads them too; without it these tests skip.
#include "kiloword/image/video.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "image/frame_times.h"
#include "image/test_images.h"
#include "kiloword/base/bounded_child.h"
#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using namespace std::string_literals;

class VideoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_program("ffmpeg") || !has_program("ffprobe")) GTEST_SKIP() << "ffmpeg is not installed";
  }

  /// A second of red, then one of blue.
  std::string make(const std::string& name, const std::string& options = "") {
    const std::string path = folder_.path() / name;
    const std::string command =
        "ffmpeg -v error -f lavfi -i color=red:s=64x48:d=1:r=10 -f lavfi -i color=blue:s=64x48:d=1:r=10 "
        "-filter_complex '[0:v][1:v]concat=n=2:v=1' " +
        options + " '" + path + "' < /dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return path;
  }

  static std::vector<VideoFrame> frames(const std::string& path, const FrameChoice& choice = {},
                                        const DecodeLimits& limits = {}) {
    const std::string bytes = read_file(path, 1 << 20, ErrorKind::kInput);
    if (is_animated_webp(bytes)) return read_frames(bytes, choice, limits);
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return read_frames(file.get(), choice, limits);
  }

  static char color(const VideoFrame& frame) {
    const std::vector<uint8_t>& rgb = frame.picture.image.rgb;
    return rgb[0] > 150 ? 'r' : rgb[2] > 150 ? 'b' : '?';
  }

  static std::string colors(const std::vector<VideoFrame>& frames) {
    std::string out;
    for (const VideoFrame& frame : frames) out += color(frame);
    return out;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(VideoTest, FramesAreSpreadOverItsTime) {
  for (const char* name : {"v.mp4", "v.mkv", "v.avi", "v.gif", "v.apng", "v.webp"}) {
    const std::string path = make(name);
    EXPECT_EQ(colors(frames(path)), "rrbb") << name;
    EXPECT_EQ(colors(frames(path, {2, 0})), "rb") << name;
    const auto every = frames(path, {0, 0.8});
    EXPECT_EQ(colors(every), "rrb") << name;
    EXPECT_NEAR(every[2].time_s, 1.6, 1e-6) << name;
    EXPECT_EQ(every[0].picture.full_width, 64) << name;
  }
}

TEST_F(VideoTest, FramesOfAnAvifSequence) {
  if (std::system("ffmpeg -v error -h encoder=libaom-av1 2>&1 | grep -q 'Encoder libaom-av1'") != 0)
    GTEST_SKIP() << "this ffmpeg writes no AV1";
  const std::string path = make("v.avif", "-c:v libaom-av1 -cpu-used 8");
  EXPECT_TRUE(is_animation(read_file(path, 1 << 20, ErrorKind::kInput)));
  EXPECT_EQ(colors(frames(path, {4, 0})), "rrbb");
}

TEST_F(VideoTest, AFrameOfEachShot) {
  FrameChoice shots;
  shots.shots = true;
  for (const char* options : {"-pix_fmt yuv420p", "-c:v mpeg4 -g 1000 -sc_threshold 40"}) {
    const auto seen = frames(make("v.mp4", "-y "s + options), shots);
    EXPECT_EQ(colors(seen), "rb") << options;
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_NEAR(seen[0].time_s, 0.5, 0.06) << options;
    EXPECT_NEAR(seen[1].time_s, 1.5, 0.06) << options;
  }
}

TEST_F(VideoTest, DamagedAnimationsOfWebpAreRefused) {
  const std::string bytes = read_file(make("v.webp"), 1 << 20, ErrorKind::kInput);
  ASSERT_TRUE(is_animated_webp(bytes));
  for (size_t length = 30; length < bytes.size(); ++length) {
    try {
      EXPECT_LE(read_frames(bytes.substr(0, length), {64, 0}, {}).size(), 64U);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput) << length;
    }
  }
  DecodeLimits limits;
  limits.max_pixels = 1;
  EXPECT_NO_THROW(read_frames(bytes, {2, 0}, limits)) << "64 x 48 pixels fit into what is always granted";
}

TEST(FrameTimes, ShotsAreSpreadAndBounded) {
  EXPECT_EQ(shot_times(10, {}), std::vector<double>({5}));
  EXPECT_EQ(shot_times(10, {4, 4, 3, 12}), std::vector<double>({2, 8, 12}));
  std::vector<double> changes;
  for (int i = 1; i < 1000; ++i) changes.push_back(i);
  EXPECT_EQ(shot_times(1000, changes).size(), static_cast<size_t>(kMaxFrames));
}

TEST_F(VideoTest, ContentIsReadLikeAFile) {
  const std::string bytes = read_file(make("v.mp4"), 1 << 20, ErrorKind::kInput);
  EXPECT_TRUE(is_video(bytes));
  EXPECT_EQ(colors(read_frames(bytes, {2, 0}, {})), "rb");
}

TEST_F(VideoTest, LimitsAndDamage) {
  const std::string path = make("v.mp4");
  DecodeLimits limits;
  limits.max_pixels = 3000;
  EXPECT_THROW(frames(path, {}, limits), Error);
  const std::string bytes = read_file(path, 1 << 20, ErrorKind::kInput);
  EXPECT_THROW(read_frames(bytes.substr(0, 100), {}, {}), Error);
  EXPECT_LE(frames(path, {0, 0.001}).size(), static_cast<size_t>(kMaxFrames));
}

TEST_F(VideoTest, PlaylistsLeadNowhere) {
  const std::string target = make("v.mp4");
  for (const std::string& list :
       {"#EXTM3U\n#EXTINF:1,\nfile://" + target + "\n", "ffconcat version 1.0\nfile '" + target + "'\n"}) {
    EXPECT_FALSE(is_video(list));
    EXPECT_THROW(read_frames(list, {}, {}), Error);
  }
}

TEST(VideoSignature, StillsAreNoVideos) {
  EXPECT_TRUE(is_video("\0\0\0\x18"s + "ftypisom"));
  EXPECT_TRUE(is_video("\x1A\x45\xDF\xA3"));
  EXPECT_FALSE(is_video("\0\0\0\x18"s + "ftypheic"));
  EXPECT_FALSE(is_video("\0\0\0\x18"s + "ftypavif"));
  EXPECT_FALSE(is_video(""));
  EXPECT_TRUE(is_animation("GIF89a"));
  EXPECT_TRUE(is_animation("\0\0\0 ftypavis"s));
  EXPECT_FALSE(is_animation("\0\0\0 ftypavif"s));
  EXPECT_FALSE(is_animation("\xFF\xD8\xFF"));
}

}  // namespace
}  // namespace kiloword
