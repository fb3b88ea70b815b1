#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/serve/http_frontend.h"
#include "serve/limited_body.h"
#include "serve/memory_budget.h"
#include "serve/worker_threads.h"

namespace kiloword {

class HttpConnection;

/// State that the connections of a frontend share; functions are called on the connections' thread.
struct ConnectionContext {
  Service& service;
  const HttpOptions& options;
  MemoryBudget& bodies;
  WorkerThreads& workers;
  /// Called if no thread can be started for a request.
  std::function<void()> note_no_thread;
  /// Called when a request has freed `bytes`.
  std::function<void(size_t bytes)> note_freed;
  /// Called when a connection ends.
  std::function<void(HttpConnection*)> remove;
};

/// A client's connection: consecutive requests, each with deadlines. It keeps itself alive while operations
/// are pending. Everything runs on the single thread of the socket's executor, except for answers, which
/// workers compute.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  HttpConnection(Socket socket, const ConnectionContext& context);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection();

  void start();
  /// Instead of start(): answers any request with 503.
  void refuse();
  /// Ends the connection after the current request, or immediately if there is none.
  void finish();

  /// The time since which the connection is idle: of its last answer, or shortly after it was opened, which
  /// may be in the future. None during a request.
  std::optional<std::chrono::steady_clock::time_point> idle_since() const { return idle_since_; }

 private:
  using Clock = std::chrono::steady_clock;
  using ErrorCode = boost::beast::error_code;
  using Parser = boost::beast::http::request_parser<LimitedBody>;

  void expire_after(std::chrono::milliseconds time);
  void wait_for_request();
  void read_head();
  void take_head();
  std::optional<ServiceReply> unfit_head() const;
  std::optional<ServiceReply> unfit_body() const;
  void read_body();
  void continue_body();
  void drop_body();
  void hand_to_worker();
  void answer_on_worker();
  void stream_on_worker(ServiceReply& reply);
  template <typename Begin>
  bool wait_for(Begin begin);
  bool client_waits();
  ServiceReply read_failure(ErrorCode error) const;
  void send(ServiceReply reply);
  template <typename Message>
  void send_message(std::shared_ptr<Message> message);
  template <typename Message, typename Serializer>
  void send_some(std::shared_ptr<Message> message, std::shared_ptr<Serializer> serializer);
  void end_request(int status);
  void linger();
  void discard(size_t most);
  AnsweredRequest answered(int status, double seconds) const;

  const ConnectionContext& context_;
  Socket socket_;
  boost::asio::steady_timer deadline_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  ServiceHead head_;
  RequestBody body_;
  size_t body_bytes_ = 0;
  Clock::time_point start_;
  std::optional<Clock::time_point> idle_since_;
  bool timed_out_ = false;        ///< the last deadline has passed
  bool has_begun_ = false;        ///< bytes of a request have been received
  bool is_finishing_ = false;     ///< no further request is accepted
  bool has_unread_body_ = false;  ///< the client may still be sending a body that is not read
};

}  // namespace kiloword
