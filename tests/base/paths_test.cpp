#include "kiloword/base/paths.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace kiloword {
namespace {

TEST(Paths, DataStandsBesideTheProgramUnlessTheEnvironmentSaysElse) {
  ::unsetenv("KILOWORD_DATA");
  EXPECT_TRUE(std::filesystem::exists(data_directory() / "labels" / "medium.txt")) << data_directory();
  ::setenv("KILOWORD_DATA", "/elsewhere", 1);
  EXPECT_EQ(data_directory(), "/elsewhere");
  ::unsetenv("KILOWORD_DATA");
}

TEST(Paths, CacheFollowsXdg) {
  ::setenv("HOME", "/home/someone", 1);
  ::setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_EQ(cache_directory(), "/caches/kiloword");
  ::setenv("XDG_CACHE_HOME", "relative", 1);
  EXPECT_EQ(cache_directory(), "/home/someone/.cache/kiloword");
  ::unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(cache_directory(), "/home/someone/.cache/kiloword");
  ::unsetenv("HOME");
  EXPECT_EQ(cache_directory(), "");
}

}  // namespace
}  // namespace kiloword
