#include "kiloword/serve/http_frontend.h"

#include <fcntl.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "serve/freed_memory.h"
#include "serve/http_connection.h"
#include "serve/listener.h"

namespace kiloword {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kDescriptorWait{20};  ///< until one is closed
constexpr seconds kIdleBeforeRelease{1};
constexpr size_t kMaxRefused = 64;  ///< connections that are told so, beyond those that are served

}  // namespace

/// All but the constructor, stop() and the workers runs on `thread`.
struct HttpFrontend::State {
  State(Service& its_service, HttpOptions its_options)
      : service(its_service),
        options(std::move(its_options)),
        bodies(options.max_bodies_bytes / 8 * 7),  // what is freed goes back to the system a little later
        workers(options.connections),
        listener(io, options),
        context{service,
                options,
                bodies,
                workers,
                [this] { note_no_thread(); },
                [this](size_t bytes) { note_freed(bytes); },
                [this](HttpConnection* connection) { remove(connection); }} {
    accept();
    try {
      thread = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      throw Error(ErrorKind::kOutput, "no thread can be started", "serve",
                  "raise the limit on processes (ulimit -u)");
    }
  }

  void run() {
    for (;;) {
      try {
        io.run();
        return;
      } catch (const std::exception&) {
        // Out of memory for one connection, which has ended with it.
      }
    }
  }

  void accept() {
    listener.acceptor().async_accept([this](boost::system::error_code error, HttpConnection::Socket socket) {
      if (error == asio::error::operation_aborted || is_stopping) return;
      if (!error) begin_guarded(std::move(socket));
      const bool waits =
          error == asio::error::no_descriptors || error == std::errc::too_many_files_open_in_system;
      if (!waits) return accept();
      timer.expires_after(kDescriptorWait);
      timer.async_wait([this](boost::system::error_code) {
        if (!is_stopping) accept();
      });
    });
  }

  void begin_guarded(HttpConnection::Socket socket) {
    try {
      begin(std::move(socket));
    } catch (const std::exception&) {
      // Out of memory: this connection ends, further ones are accepted.
    }
  }

  void begin(HttpConnection::Socket socket) {
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    boost::system::error_code is_unix;
    socket.set_option(asio::ip::tcp::no_delay(true), is_unix);
    if (connections.size() >= options.connections) end_longest_idle();
    const bool is_full = connections.size() >= options.connections;
    if (connections.size() >= options.connections + kMaxRefused) return;
    const auto connection = std::make_shared<HttpConnection>(std::move(socket), context);
    connections.insert(connection.get());
    is_full ? connection->refuse() : connection->start();
  }

  /// Of the connections that wait for a request, the one that has waited longest makes room.
  void end_longest_idle() {
    HttpConnection* longest = nullptr;
    auto since = std::chrono::steady_clock::now();
    for (HttpConnection* connection : connections) {
      const auto idle_since = connection->idle_since();
      if (!idle_since || *idle_since > since) continue;
      longest = connection;
      since = *idle_since;
    }
    if (longest == nullptr) return;
    connections.erase(longest);
    longest->finish();
  }

  void remove(HttpConnection* connection) {
    connections.erase(connection);
    if (is_stopping && connections.empty()) work.reset();
  }

  void note_no_thread() {
    if (std::exchange(has_noted_no_thread, true) || !options.warn) return;
    options.warn(
        "no more threads can be started, so some requests get 503; raise the limit on processes (ulimit "
        "-u)");
  }

  void note_freed(size_t bytes) {
    freed.note(bytes);
    if (is_stopping) return;
    release_timer.expires_after(kIdleBeforeRelease);
    release_timer.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled) freed.release();
    });
  }

  void stop_accepting() {
    is_stopping = true;
    listener.close();
    timer.cancel();
    release_timer.cancel();
    for (HttpConnection* connection : connections) connection->finish();
    if (connections.empty()) work.reset();
  }

  Service& service;
  HttpOptions options;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  MemoryBudget bodies;
  WorkerThreads workers;
  Listener listener;
  ConnectionContext context;
  std::set<HttpConnection*> connections;
  asio::steady_timer timer{io};
  asio::steady_timer release_timer{io};
  FreedMemory freed;
  bool is_stopping = false;
  bool has_noted_no_thread = false;
  std::thread thread;
};

std::string log_line(const AnsweredRequest& request) {
  const std::string what = request.path.empty() ? "malformed request" : request.method + " " + request.path;
  const auto ms = static_cast<int64_t>(request.seconds * 1000);
  return what + " " + std::to_string(request.status) + " " + std::to_string(ms) + " ms";
}

HttpFrontend::HttpFrontend(Service& service, HttpOptions options)
    : state_(std::make_unique<State>(service, std::move(options))) {}

HttpFrontend::~HttpFrontend() {
  stop();
}

const std::string& HttpFrontend::address() const {
  return state_->listener.address();
}

void HttpFrontend::stop() {
  if (!state_->thread.joinable()) return;
  state_->service.drain();
  asio::post(state_->io, [this] { state_->stop_accepting(); });
  state_->thread.join();
  state_->workers.finish();
}

}  // namespace kiloword
