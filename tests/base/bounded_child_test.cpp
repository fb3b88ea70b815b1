#include "kiloword/base/bounded_child.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

ChildResult run_shell(const std::string& script, std::string_view input = "",
                      const ChildLimits& limits = {}) {
  return run_bounded({"sh", "-c", script}, input, limits);
}

TEST(BoundedChild, PassesInputAndOutput) {
  const std::string input(300000, 'x');
  const ChildResult result = run_shell("cat; echo trouble >&2; exit 3", input);
  EXPECT_EQ(result.end, ChildResult::End::kExited);
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output, input);
  EXPECT_EQ(result.errors, "trouble\n");
  EXPECT_FALSE(result.succeeded());
}

TEST(BoundedChild, InputCanBeOpenedAgain) {
  EXPECT_EQ(run_shell("cat /dev/stdin /proc/self/fd/0", "ab").output, "abab");
}

TEST(BoundedChild, ArgumentsAreNoShellText) {
  const ChildResult result = run_bounded({"printf", "%s", "$HOME; `id` \"'"}, "", {});
  EXPECT_EQ(result.output, "$HOME; `id` \"'");
}

TEST(BoundedChild, EndsAtItsTime) {
  ChildLimits limits;
  limits.time = milliseconds(200);
  const auto begin = steady_clock::now();
  EXPECT_EQ(run_shell("sleep 30 & sleep 30", "", limits).end, ChildResult::End::kTimeout);
  EXPECT_EQ(run_shell("exec >&- 2>&-; sleep 30", "", limits).end, ChildResult::End::kTimeout);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(10000));
}

TEST(BoundedChild, BoundsOutputAndFiles) {
  ChildLimits limits;
  limits.max_output_bytes = 1000;
  EXPECT_EQ(run_shell("yes", "", limits).end, ChildResult::End::kTooMuchOutput);
  EXPECT_LE(run_shell("yes >&2 & sleep 0.2; kill $!").errors.size(), 4096U);
  const testing::TemporaryFolder folder;
  const std::string file = (folder.path() / "file").string();
  EXPECT_FALSE(run_shell("echo hello > '" + file + "'").succeeded());
  EXPECT_EQ(std::filesystem::file_size(file), 0U);
}

TEST(BoundedChild, BoundsMemory) {
  ChildLimits limits;
  limits.memory_bytes = uint64_t{64} << 20;
  const ChildResult result = run_bounded({"head", "-c", "300m", "/dev/zero"}, "", limits);
  EXPECT_NE(result.end, ChildResult::End::kExited);  // too much output
  EXPECT_FALSE(run_shell("x=$(head -c 200m /dev/zero | tr '\\0' x)", "", limits).succeeded());
}

TEST(BoundedChild, UnknownProgram) {
  EXPECT_EQ(run_bounded({"no-such-program-here"}, "", {}).status, 127);
  EXPECT_FALSE(has_program("no-such-program-here"));
  EXPECT_TRUE(has_program("sh"));
}

}  // namespace
}  // namespace kiloword
