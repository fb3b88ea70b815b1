#include "serve/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kBufferBytes = 65536;
constexpr size_t kMaxHeadBytes = 16384;
constexpr milliseconds kPatience{100};  ///< between looks at `stopping`
constexpr milliseconds kLingering{500};
constexpr size_t kMaxLingeringBytes = size_t{64} << 20U;

}  // namespace

Connection::Connection(int socket, const HttpOptions& options, const std::atomic<bool>& stopping)
    : socket_(socket),
      options_(options),
      stopping_(stopping),
      receive_deadline_(steady_clock::now() + options.receive_timeout) {}

// Closing a connection with unread data resets it, and the client would never see why it was refused.
Connection::~Connection() {
  if (!has_received_) return;
  ::shutdown(socket(), SHUT_WR);
  const Deadline end = steady_clock::now() + kLingering;
  buffer_.resize(kBufferBytes);
  size_t read = 0;
  while (read < kMaxLingeringBytes && wait_for(POLLIN, end)) {
    const ssize_t count = ::recv(socket(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (count <= 0) break;
    read += static_cast<size_t>(count);
  }
}

bool Connection::wait_for(short events, Deadline deadline) const {
  for (;;) {
    auto wait = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (!has_received_) wait = std::min(wait, kPatience);
    pollfd entry{socket(), events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max(wait, milliseconds(0)).count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (steady_clock::now() >= deadline || (!has_received_ && stopping_)) return false;
  }
}

ssize_t Connection::fill() {
  buffer_.resize(kBufferBytes);
  used_ = 0;
  ssize_t count = -1;
  do {
    if (!wait_for(POLLIN, receive_deadline_)) {
      timed_out_ = true;
      break;
    }
    count = ::recv(socket(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  } while (count < 0 && (errno == EAGAIN || errno == EINTR));
  buffer_.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
  has_received_ = has_received_ || count > 0;
  return count;
}

/// Returns false when the head has become too long.
bool Connection::note_head(char byte) {
  if (byte == '\n') {
    in_head_ = ++line_breaks_ < 2;
  } else if (byte != '\r') {
    line_breaks_ = 0;
  }
  return ++head_bytes_ <= kMaxHeadBytes;
}

ssize_t Connection::read(char* data, size_t size) {
  if (used_ == buffer_.size()) {
    const ssize_t filled = fill();
    if (filled <= 0) return filled;
  }
  size_t count = std::min(size, buffer_.size() - used_);
  if (in_head_) {
    count = 1;  // httplib reads heads byte by byte as well
    if (!note_head(buffer_[used_])) {
      head_too_long_ = true;
      return -1;
    }
  }
  std::copy_n(buffer_.data() + used_, count, data);
  used_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* data, size_t size) {
  const Deadline end = steady_clock::now() + options_.send_timeout;
  for (;;) {
    const ssize_t count = ::send(socket(), data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) return count;
    if (errno != EAGAIN && errno != EINTR) return -1;
    if (!wait_for(POLLOUT, end)) return -1;
  }
}

bool Connection::client_waits() const {
  pollfd entry{socket(), POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) == 0;
}

}  // namespace kiloword
