#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <string>

#include "kiloword/serve/http_frontend.h"

namespace kiloword {

/// A listening socket, opened or inherited.
class Listener {
 public:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

  /// See HttpFrontend's constructor.
  Listener(boost::asio::io_context& io, const HttpOptions& options);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { close(); }

  const std::string& address() const { return address_; }
  Acceptor& acceptor() { return acceptor_; }

  /// Stops accepting connections; removes the file of a Unix socket unless it is inherited.
  void close();

 private:
  void listen_at_path(boost::asio::io_context& io, const std::string& path);
  void listen_at_host(boost::asio::io_context& io, const HttpOptions& options);
  void take_over(const HttpOptions& options);
  void open(const boost::asio::generic::stream_protocol::endpoint& endpoint, const std::string& where);

  Acceptor acceptor_;
  std::string address_;
  std::string path_;
};

}  // namespace kiloword
