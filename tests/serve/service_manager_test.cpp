#include "kiloword/serve/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "support/temporary_folder.h"

namespace kiloword {
namespace {

/// Where notifications arrive; `name` begins with '/' or, for an abstract name, with '@'.
class Manager {
 public:
  explicit Manager(const std::string& name) : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(name.begin(), name.end(), std::begin(address.sun_path));
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;
  ~Manager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(descriptor_);
  }

  std::string told() const {
    std::array<char, 256> bytes{};
    const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return {bytes.data(), static_cast<size_t>(std::max<ssize_t>(count, 0))};
  }

 private:
  int descriptor_;
};

TEST(ServiceManager, HearsWhatItIsTold) {
  const testing::TemporaryFolder folder;
  const std::string abstract = "@kiloword-test-" + std::to_string(::getpid());
  for (const std::string& name : {(folder.path() / "notify").string(), abstract}) {
    const Manager manager(name);
    notify_service_manager("READY=1\nSTATUS=well");
    EXPECT_EQ(manager.told(), "READY=1\nSTATUS=well") << name;
  }
}

TEST(ServiceManager, NobodyListensWhereNoneIs) {
  ::unsetenv("NOTIFY_SOCKET");
  notify_service_manager("READY=1");
  for (const std::string& name :
       {std::string("/no/such/socket"), std::string("relative"), std::string(4000, '/')}) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    notify_service_manager("READY=1");
  }
  ::unsetenv("NOTIFY_SOCKET");
}

TEST(ServiceManager, ASocketForAnotherProcessIsNotTaken) {
  ::setenv("LISTEN_PID", "1", 1);
  ::setenv("LISTEN_FDS", "1", 1);
  EXPECT_FALSE(inherited_socket().has_value());
  EXPECT_EQ(std::getenv("LISTEN_FDS"), nullptr);
  EXPECT_FALSE(inherited_socket().has_value());
}

}  // namespace
}  // namespace kiloword
