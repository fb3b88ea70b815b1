#include "kiloword/base/descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <utility>

namespace kiloword {
namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

int open_something() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

TEST(Descriptor, IsClosedAtTheEndOfItsLife) {
  int fd = -1;
  {
    const Descriptor file(open_something());
    fd = file.get();
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(Descriptor, HasOneOwner) {
  Descriptor first(open_something());
  const int fd = first.get();
  Descriptor second(std::move(first));
  EXPECT_EQ(second.get(), fd);
  first = std::move(second);
  EXPECT_EQ(first.get(), fd);
  EXPECT_TRUE(is_open(fd));
  EXPECT_EQ(first.release(), fd);
  EXPECT_TRUE(is_open(fd));
  Descriptor third(fd);
  third.close();
  third.close();
  EXPECT_EQ(third.get(), -1);
  EXPECT_FALSE(is_open(fd));
}

}  // namespace
}  // namespace kiloword
