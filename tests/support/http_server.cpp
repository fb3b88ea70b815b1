#include "support/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <stdexcept>

namespace kiloword::testing {
namespace {

constexpr int kPollMs = 10;

/// Waits for something to read; false when there will be nothing more.
bool wait_readable(int fd, const std::atomic<bool>& ending) {
  pollfd file{fd, POLLIN, 0};
  while (!ending) {
    if (::poll(&file, 1, kPollMs) > 0) return true;
  }
  return false;
}

void send_all(int connection, const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<size_t>(count);
  }
}

ServedRequest parse_request(const std::string& head) {
  ServedRequest request;
  std::istringstream lines(head);
  std::string line;
  std::getline(lines, line);
  std::istringstream(line) >> request.method >> request.target;
  while (std::getline(lines, line)) {
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    while (!line.empty() && line.back() == '\r') line.pop_back();
    request.headers[name] = line.substr(colon + 2);
  }
  return request;
}

}  // namespace

HttpServer::HttpServer(Handler handler, const std::string& host) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  socklen_t size = sizeof address;
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1 ||
      ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("cannot start a server on " + host);
  }
  address_ = "http://" + host + ":" + std::to_string(ntohs(address.sin_port));
  acceptor_ = std::thread([this] { accept_connections(); });
}

HttpServer::~HttpServer() {
  ending_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  ::close(listener_);
}

std::vector<ServedRequest> HttpServer::requests() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

void HttpServer::accept_connections() {
  while (wait_readable(listener_, ending_)) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) connections_.emplace_back([this, connection] { serve(connection); });
  }
}

void HttpServer::serve(int connection) {
  std::string head;
  std::array<char, 4096> buffer{};
  while (head.find("\r\n\r\n") == std::string::npos && wait_readable(connection, ending_)) {
    const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    head.append(buffer.data(), static_cast<size_t>(count));
  }
  if (head.find("\r\n\r\n") != std::string::npos) {
    ServedRequest request = parse_request(head);
    request.body = head.substr(head.find("\r\n\r\n") + 4);
    const auto length = request.headers.find("content-length");
    const size_t expected = length == request.headers.end() ? 0 : std::stoul(length->second);
    while (request.body.size() < expected && wait_readable(connection, ending_)) {
      const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
      if (count <= 0) break;
      request.body.append(buffer.data(), static_cast<size_t>(count));
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      requests_.push_back(request);
    }
    send_reply(connection, request, handler_(request));
  }
  ::close(connection);
}

void HttpServer::send_reply(int connection, const ServedRequest& request, const ServedReply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Answer\r\nConnection: close\r\n";
  for (const auto& [name, value] : reply.headers) head.append(name).append(": ").append(value).append("\r\n");
  const std::string length = reply.content_length.value_or(std::to_string(reply.body.size()));
  if (!length.empty()) head += "Content-Length: " + length + "\r\n";
  send_all(connection, head + "\r\n");
  if (request.method != "HEAD") {
    const std::string body = reply.body.substr(0, reply.sent_bytes);
    body_bytes_sent_ += body.size();
    send_all(connection, body);
  }
  if (!reply.stalls) return;
  std::array<char, 64> ignored{};  // until the client goes away
  while (wait_readable(connection, ending_) && ::recv(connection, ignored.data(), ignored.size(), 0) > 0) {
  }
}

}  // namespace kiloword::testing
