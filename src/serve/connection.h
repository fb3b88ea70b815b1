#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

#include "kiloword/base/descriptor.h"
#include "kiloword/serve/deadline.h"
#include "kiloword/serve/http_frontend.h"

namespace kiloword {

/// A client's connection: whatever the client does, every call ends in time.
class Connection {
 public:
  /// Owns `socket`. Once `stopping`, a client that has sent nothing yet is not waited for.
  Connection(int socket, const HttpOptions& options, const std::atomic<bool>& stopping);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  /// Lets the client read the answer to its end, for a moment, before the connection is gone.
  ~Connection();

  /// Bytes read, 0 at the end, -1 when it failed, took too long, or the head is too long.
  ssize_t read(char* data, size_t size);
  /// Bytes written, -1 when it failed or the client takes nothing.
  ssize_t write(const char* data, size_t size);

  int socket() const { return socket_.get(); }
  bool timed_out() const { return timed_out_; }
  bool head_too_long() const { return head_too_long_; }
  bool has_received() const { return has_received_; }
  /// Whether there is still someone who waits for the answer.
  bool client_waits() const;

 private:
  ssize_t fill();
  bool wait_for(short events, Deadline deadline) const;
  bool note_head(char byte);

  Descriptor socket_;
  const HttpOptions& options_;
  const std::atomic<bool>& stopping_;
  Deadline receive_deadline_;
  std::string buffer_;
  size_t used_ = 0;  ///< of buffer_
  size_t head_bytes_ = 0;
  int line_breaks_ = 0;  ///< of the blank line that ends the head, as far as it has come
  bool in_head_ = true;
  bool has_received_ = false;
  bool timed_out_ = false;
  bool head_too_long_ = false;
};

}  // namespace kiloword
