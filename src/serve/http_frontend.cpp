#include "kiloword/serve/http_frontend.h"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <thread>
#include <utility>

#include "kiloword/base/utf8.h"
#include "serve/connection.h"
#include "serve/connection_threads.h"
#include "serve/listener.h"

namespace kiloword {
namespace {

using std::chrono::steady_clock;

constexpr int kAcceptWaitMs = 100;
constexpr int kClientGone = 499;  // for logs and metrics: nobody sees it

/// A Connection as httplib sees it.
class ConnectionStream : public httplib::Stream {
 public:
  explicit ConnectionStream(Connection& connection) : connection_(connection) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return connection_.client_waits(); }
  ssize_t read(char* data, size_t size) override { return connection_.read(data, size); }
  ssize_t write(const char* data, size_t size) override { return connection_.write(data, size); }
  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  socket_t socket() const override { return 0; }  // httplib only looks whether select() could take it

 private:
  Connection& connection_;
};

/// A share of what all requests may hold in memory.
class BodyBytes {
 public:
  BodyBytes(std::atomic<size_t>& total, size_t most) : total_(total), most_(most) {}
  BodyBytes(const BodyBytes&) = delete;
  BodyBytes& operator=(const BodyBytes&) = delete;
  ~BodyBytes() { total_ -= own_; }

  bool add(size_t bytes) {
    own_ += bytes;
    return (total_ += bytes) <= most_;
  }

 private:
  std::atomic<size_t>& total_;
  size_t most_;
  size_t own_ = 0;
};

/// One request of one connection; httplib reads it and writes the answer.
class Exchange : public httplib::Server {
 public:
  Exchange(Service& service, const HttpOptions& options, Connection& connection,
           std::atomic<size_t>& bodies_bytes)
      : service_(service),
        options_(options),
        connection_(connection),
        body_bytes_(bodies_bytes, options.max_bodies_bytes) {
    svr_sock_ = 0;  // else httplib takes the server for one that is shutting down
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      return before_body(request, response);
    });
    set_error_handler([this](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) put(protocol_error(response.status), response);
    });
    set_exception_handler(
        [this](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
          put(Service::error_reply(500, ErrorKind::kInternal, "internal error"), response);
        });
    set_logger(
        [this](const httplib::Request&, const httplib::Response& response) { status_ = response.status; });
    Post("/body", [this](const httplib::Request& request, httplib::Response& response,
                         const httplib::ContentReader& read) { with_body(request, response, read); });
  }

  void run() {
    ConnectionStream stream(connection_);
    bool closed = false;
    try {
      process_request(stream, /*close_connection=*/true, closed,
                      [this](httplib::Request& request) { take_head(request); });
    } catch (const std::exception&) {
      status_ = 500;  // httplib throws nothing that is known; the connection ends
    }
    if (!connection_.has_received()) return;
    const std::chrono::duration<double> taken = steady_clock::now() - start_;
    const int status = status_ != 0 ? status_ : kClientGone;
    service_.count(head_, status, taken.count());
    if (options_.log) options_.log(log_line(status, taken.count()));
  }

 private:
  /// Takes what is ours out of the head, so that httplib sees a plain body and sends a plain answer: no
  /// forms, ranges or compression.
  void take_head(httplib::Request& request) {
    head_.method = request.method;
    head_.path = request.path;
    head_.authorization = request.get_header_value("Authorization");
    head_.host = request.get_header_value("Host");
    head_.origin = request.get_header_value("Origin");
    head_.accept = request.get_header_value("Accept");
    body_.content_type = request.get_header_value("Content-Type");
    for (const auto& [name, value] : request.params) body_.query.emplace_back(name, value);
    for (const char* name : {"Content-Type", "Accept-Encoding", "Range"}) request.headers.erase(name);
    request.ranges.clear();
    if (request.method == "POST") request.path = "/body";
  }

  httplib::Server::HandlerResponse before_body(const httplib::Request& request, httplib::Response& response) {
    if (const auto refused = service_.refuse(head_)) {
      put(*refused, response);
    } else if (request.method != "POST") {
      put(answer(), response);
    } else if (const auto unfit = unfit_body(request)) {
      put(*unfit, response);
    } else {
      return HandlerResponse::Unhandled;
    }
    return HandlerResponse::Handled;
  }

  /// Why the body is not read.
  std::optional<ServiceReply> unfit_body(const httplib::Request& request) const {
    const bool chunked = request.has_header("Transfer-Encoding");
    const size_t lengths = request.get_header_value_count("Content-Length");
    if (request.has_header("Content-Encoding")) {
      return Service::error_reply(415, ErrorKind::kUsage, "a compressed body", "send it as it is");
    }
    if (lengths + (chunked ? 1 : 0) == 0) {
      return Service::error_reply(411, ErrorKind::kUsage, "no Content-Length", "send it");
    }
    if (lengths + (chunked ? 1 : 0) > 1) return protocol_error(400);
    if (chunked) return std::nullopt;
    const std::string text = request.get_header_value("Content-Length");
    size_t length = 0;
    const auto [stopped, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (stopped != text.data() + text.size() || text.empty()) return protocol_error(400);
    if (failed != std::errc() || length > options_.max_body_bytes) return too_large();
    return std::nullopt;
  }

  ServiceReply too_large() const {
    return Service::error_reply(413, ErrorKind::kUsage,
                                "larger than " + std::to_string(options_.max_body_bytes) + " bytes",
                                "send a smaller image");
  }

  ServiceReply protocol_error(int status) const {
    if (connection_.timed_out()) {
      return Service::error_reply(408, ErrorKind::kUsage, "the request did not come in time");
    }
    if (connection_.head_too_long()) {
      return Service::error_reply(431, ErrorKind::kUsage, "the request's head is too long");
    }
    return Service::error_reply(status < 400 ? 400 : status, ErrorKind::kUsage, "malformed request");
  }

  void with_body(const httplib::Request& /*request*/, httplib::Response& response,
                 const httplib::ContentReader& read) {
    std::optional<ServiceReply> refused;
    const bool whole = read([&](const char* data, size_t size) {
      if (body_.body.size() + size > options_.max_body_bytes) {
        refused = too_large();
      } else if (!body_bytes_.add(size)) {
        refused = Service::error_reply(503, ErrorKind::kBusy, "too many requests at the same time",
                                       "try again in a moment");
      } else {
        body_.body.append(data, size);
      }
      return !refused;
    });
    if (!whole && !refused) refused = protocol_error(400);
    put(refused ? *refused : answer(), response);
  }

  ServiceReply answer() {
    return service_.answer(head_, std::move(body_), [this] { return connection_.client_waits(); });
  }

  static void put(const ServiceReply& reply, httplib::Response& response) {
    response.status = reply.status;
    for (const auto& [name, value] : reply.headers) response.set_header(name, value);
    if (!reply.stream) {
      response.set_content(reply.body, reply.content_type);
      return;
    }
    response.set_chunked_content_provider(
        reply.content_type, [stream = reply.stream](size_t /*offset*/, httplib::DataSink& sink) {
          bool open = true;
          stream([&](std::string_view piece) {
            open = open && sink.write(piece.data(), piece.size());
            return open;
          });
          if (open) sink.done();
          return open;
        });
  }

  std::string log_line(int status, double seconds) const {
    const std::string what = head_.path.empty() ? "malformed request" : head_.method + " " + head_.path;
    const auto ms = static_cast<int64_t>(seconds * 1000);
    return printable(what.substr(0, 100)) + " " + std::to_string(status) + " " + std::to_string(ms) + " ms";
  }

  Service& service_;
  const HttpOptions& options_;
  Connection& connection_;
  BodyBytes body_bytes_;
  ServiceHead head_;
  RequestBody body_;
  steady_clock::time_point start_ = steady_clock::now();
  int status_ = 0;
};

/// Answers at once, on the thread that accepts connections.
void refuse_connection(int socket) {
  const ServiceReply reply =
      Service::error_reply(503, ErrorKind::kBusy, "too many connections", "try again in a moment");
  const std::string text =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
      "Content-Type: application/json\r\nContent-Length: " +
      std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body;
  ::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::close(socket);
}

}  // namespace

struct HttpFrontend::State {
  State(Service& its_service, HttpOptions its_options)
      : service(its_service),
        options(std::move(its_options)),
        listener(std::make_unique<Listener>(options)),
        address(listener->address()),
        threads(options.connections, [this](int socket) { serve(socket); }) {}

  void serve(int socket) {
    Connection connection(socket, options, stopping);
    Exchange(service, options, connection, bodies_bytes).run();
  }

  void accept_connections() {
    while (!stopping) {
      const int socket = listener->accept(kAcceptWaitMs);
      if (socket >= 0 && !threads.serve(socket)) refuse_connection(socket);
    }
    listener.reset();
  }

  Service& service;
  HttpOptions options;
  std::unique_ptr<Listener> listener;
  std::string address;
  std::atomic<bool> stopping{false};
  std::atomic<size_t> bodies_bytes{0};
  ConnectionThreads threads;
  std::thread acceptor;
};

HttpFrontend::HttpFrontend(Service& service, HttpOptions options)
    : state_(std::make_unique<State>(service, std::move(options))) {
  state_->acceptor = std::thread([this] { state_->accept_connections(); });
}

HttpFrontend::~HttpFrontend() {
  stop();
}

const std::string& HttpFrontend::address() const {
  return state_->address;
}

void HttpFrontend::stop() {
  state_->service.drain();
  state_->stopping = true;
  if (state_->acceptor.joinable()) state_->acceptor.join();
  state_->threads.finish();
}

}  // namespace kiloword
