#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
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

/// What comes until the server closes the connection.
inline HttpAnswer read_answer(const Descriptor& socket) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (ssize_t count = 0; (count = ::recv(socket.get(), buffer.data(), buffer.size(), 0)) > 0;) {
    text.append(buffer.data(), static_cast<size_t>(count));
  }
  HttpAnswer answer;
  if (text.compare(0, 9, "HTTP/1.1 ") != 0) return answer;
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  if (text.compare(0, kContinue.size(), kContinue) == 0) text.erase(0, kContinue.size());
  const size_t head_end = text.find("\r\n\r\n");
  answer.status = std::stoi(text.substr(9, 3));
  answer.head = text.substr(0, head_end);
  std::string body = text.substr(head_end + 4);
  if (answer.head.find("Transfer-Encoding: chunked") == std::string::npos) {
    answer.body = body;
    return answer;
  }
  for (size_t at = 0; at < body.size();) {
    const size_t size = std::stoul(body.substr(at, body.find("\r\n", at) - at), nullptr, 16);
    if (size == 0) break;
    at = body.find("\r\n", at) + 2;
    answer.body += body.substr(at, size);
    at += size + 2;
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
