#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "kiloword/base/descriptor.h"

namespace kiloword::testing {

struct HttpAnswer {
  int status = 0;  ///< 0: the connection ended without an answer
  std::string head;
  std::string body;  ///< chunks put together
};

/// A connection to "http://127.0.0.1:PORT" or "unix:PATH".
inline Descriptor connect_to(const std::string& address) {
  const bool is_unix = address.compare(0, 5, "unix:") == 0;
  Descriptor socket(::socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{60, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  int failed = 0;
  if (is_unix) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(static_cast<char*>(to.sun_path), address.c_str() + 5, sizeof to.sun_path - 1);
    failed = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
  } else {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    failed = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  if (failed != 0) throw std::runtime_error("cannot connect to " + address);
  return socket;
}

inline void send_all(const Descriptor& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

/// Bytes until `end` has come or, where it is empty, `count` bytes; fewer when the connection ends.
inline std::string receive(const Descriptor& socket, const std::string& end, size_t count = 0) {
  std::string bytes;
  const auto is_whole = [&] {
    if (end.empty()) return bytes.size() >= count;
    return bytes.size() >= end.size() && bytes.compare(bytes.size() - end.size(), end.size(), end) == 0;
  };
  while (!is_whole()) {
    std::array<char, 65536> buffer{};
    const size_t most =
        end.empty() ? std::min(count - bytes.size(), buffer.size()) : 1;  // what follows is not ours
    const ssize_t received = ::recv(socket.get(), buffer.data(), most, 0);
    if (received <= 0) break;
    bytes.append(buffer.data(), static_cast<size_t>(received));
  }
  return bytes;
}

inline std::string header_value(const std::string& head, const std::string& name) {
  const size_t at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const size_t begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

/// The next answer on a connection that may carry more.
inline HttpAnswer read_answer(const Descriptor& socket) {
  HttpAnswer answer;
  std::string head = receive(socket, "\r\n\r\n");
  if (head.compare(0, 12, "HTTP/1.1 100") == 0) head = receive(socket, "\r\n\r\n");
  if (head.compare(0, 7, "HTTP/1.") != 0) return answer;
  answer.status = std::stoi(head.substr(9, 3));
  answer.head = head.substr(0, head.size() - 2);
  if (const std::string length = header_value(answer.head, "Content-Length"); !length.empty()) {
    answer.body = receive(socket, "", std::stoul(length));
  } else if (header_value(answer.head, "Transfer-Encoding") == "chunked") {
    for (;;) {
      const std::string size = receive(socket, "\r\n");
      const size_t bytes = size.empty() ? 0 : std::stoul(size, nullptr, 16);
      answer.body += receive(socket, "", bytes);
      if (receive(socket, "\r\n").empty() || bytes == 0) break;
    }
  } else {
    answer.body = receive(socket, "", std::string::npos);
  }
  return answer;
}

inline HttpAnswer ask(const std::string& address, std::string_view request) {
  const Descriptor socket = connect_to(address);
  send_all(socket, request);
  return read_answer(socket);
}

inline HttpAnswer get(const std::string& address, const std::string& path, const std::string& headers = "") {
  return ask(address, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
}

inline HttpAnswer post(const std::string& address, const std::string& path, const std::string& type,
                       const std::string& body, const std::string& headers = "") {
  return ask(address, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type +
                          "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" +
                          body);
}

}  // namespace kiloword::testing
