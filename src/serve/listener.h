#pragma once

#include <string>

#include "kiloword/base/descriptor.h"
#include "kiloword/serve/http_frontend.h"

namespace kiloword {

/// A socket that listens.
class Listener {
 public:
  /// See HttpFrontend's constructor.
  explicit Listener(const HttpOptions& options);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  /// Removes a Unix socket's file.
  ~Listener();

  const std::string& address() const { return address_; }

  /// A new connection, or -1 when none comes in `wait_ms` (or it was gone at once).
  int accept(int wait_ms) const;

 private:
  void listen_at_path(const std::string& path);
  void listen_at_host(const HttpOptions& options);

  Descriptor socket_;
  std::string address_;
  std::string path_;
};

}  // namespace kiloword
