#include "kiloword/base/thread_error.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

namespace kiloword {
namespace {

TEST(RequireThreads, AsManyAsThereMayBe) {
  EXPECT_NO_THROW(require_threads(0));
  EXPECT_NO_THROW(require_threads(16));
}

TEST(RequireThreads, OneTooManyIsAnErrorAndLeavesNone) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run as a user without other processes";
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer has a thread of its own";
#endif
  constexpr uid_t kNobodyElse = 54322;
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{4, 4};
    if (::setresuid(kNobodyElse, kNobodyElse, kNobodyElse) != 0 || ::setrlimit(RLIMIT_NPROC, &limit) != 0)
      _exit(9);
    for (int i = 0; i < 3; ++i) {
      require_threads(3);
      try {
        require_threads(4);
        _exit(1);
      } catch (const Error& error) {
        if (error.message().rfind("cannot start a thread", 0) != 0) _exit(2);
      }
    }
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace kiloword
