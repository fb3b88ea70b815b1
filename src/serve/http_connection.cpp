#include "serve/http_connection.h"

#include <poll.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cstdint>
#include <future>
#include <limits>
#include <new>
#include <utility>

#include "kiloword/base/utf8.h"
#include "serve/fields.h"
#include "serve/request_target.h"

namespace kiloword {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using std::chrono::milliseconds;

constexpr size_t kMaxHeadBytes = 16384;
constexpr size_t kReadBytes = 65536;
constexpr milliseconds kSilenceAllowed{
    1000};  ///< before the first request; then the connection counts as idle
constexpr milliseconds kLingering{500};
constexpr size_t kMaxLingeringBytes = size_t{64} << 20U;
constexpr int kClientGone = 499;  // for logs and metrics: nobody sees it

std::string string_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

ServiceReply usage(int status, const std::string& message, const std::string& remedy = "") {
  return Service::error_reply(status, ErrorKind::kUsage, message, remedy);
}

ServiceReply busy(const std::string& message) {
  return Service::error_reply(503, ErrorKind::kBusy, message, "try again in a moment");
}

/// The bytes that a request holds at the most for each byte of its body. JSON: the body, an image's text
/// without escapes, and its bytes; a form: the body and its image; chunks: a string that grows by doubling.
size_t budget_cost(const std::string& type, bool is_chunked) {
  const size_t parsed = type == "application/json" ? 3 : type == "multipart/form-data" ? 2 : 1;
  return parsed + (is_chunked ? 2 : 0);
}

template <typename Message>
void put_head(const ServiceReply& reply, Message& message) {
  message.result(static_cast<unsigned>(reply.status));
  message.set(http::field::content_type, reply.content_type);
  for (const auto& [name, value] : reply.headers) message.set(name, value);
}

}  // namespace

HttpConnection::HttpConnection(Socket socket, const ConnectionContext& context)
    : context_(context), socket_(std::move(socket)), deadline_(socket_.get_executor()) {}

HttpConnection::~HttpConnection() {
  context_.remove(this);
}

void HttpConnection::start() {
  idle_since_ = Clock::now() + kSilenceAllowed;
  wait_for_request();
}

void HttpConnection::refuse() {
  is_finishing_ = true;
  has_unread_body_ = true;
  send(busy("too many connections"));
}

void HttpConnection::finish() {
  is_finishing_ = true;
  ErrorCode ignored;
  if (!has_begun_) socket_.close(ignored);
}

/// What is under way on the socket when `time` is over ends with an error. (Beast's own stream with deadlines
/// would close the socket then, and the client would not learn why.)
void HttpConnection::expire_after(milliseconds time) {
  timed_out_ = false;
  deadline_.expires_after(time);
  deadline_.async_wait([weak = weak_from_this()](ErrorCode error) {
    const auto self = weak.lock();
    if (error || !self || self->deadline_.expiry() > Clock::now()) return;
    self->timed_out_ = true;
    ErrorCode ignored;
    self->socket_.cancel(ignored);
  });
}

/// A connection on which nothing comes is not answered when its time is over.
void HttpConnection::wait_for_request() {
  parser_.reset();
  has_begun_ = false;
  if (buffer_.size() > 0) return read_head();
  buffer_.shrink_to_fit();
  expire_after(context_.options.receive_timeout);
  socket_.async_read_some(buffer_.prepare(1024), [self = shared_from_this()](ErrorCode error, size_t count) {
    self->buffer_.commit(count);
    if (!error) self->read_head();
  });
}

void HttpConnection::read_head() {
  has_begun_ = true;
  idle_since_.reset();
  start_ = Clock::now();
  head_ = {};
  body_ = {};
  body_bytes_ = 0;
  parser_.emplace();
  parser_->header_limit(kMaxHeadBytes);
  // LimitedBody has the limit, so that who may not ask learns that first.
  parser_->body_limit(std::numeric_limits<std::uint64_t>::max());
  expire_after(context_.options.receive_timeout);
  http::async_read_header(socket_, buffer_, *parser_, [self = shared_from_this()](ErrorCode error, size_t) {
    if (error) {
      self->has_unread_body_ = true;
      return self->send(self->read_failure(error));
    }
    self->take_head();
  });
}

void HttpConnection::take_head() {
  const auto& request = parser_->get();
  RequestTarget target = parse_request_target({request.target().data(), request.target().size()});
  head_.method = string_of(request.method_string());
  head_.path = std::move(target.path);
  head_.authorization = string_of(request[http::field::authorization]);
  head_.host = target.authority.empty() ? string_of(request[http::field::host]) : target.authority;
  head_.origin = string_of(request[http::field::origin]);
  head_.accept = string_of(request[http::field::accept]);
  body_.content_type = string_of(request[http::field::content_type]);
  body_.query = std::move(target.query);
  has_unread_body_ = !parser_->is_done() || request.count(http::field::transfer_encoding) > 0;
  if (auto refused = unfit_head()) return send(std::move(*refused));
  if (head_.method != "POST") return hand_to_worker();
  if (auto unfit = unfit_body()) return send(std::move(*unfit));
  read_body();
}

std::optional<ServiceReply> HttpConnection::unfit_head() const {
  const auto& request = parser_->get();
  const size_t encodings = request.count(http::field::transfer_encoding);
  const bool is_chunked = boost::beast::iequals(request[http::field::transfer_encoding], "chunked");
  if (encodings > 1 || (encodings == 1 && !is_chunked)) {
    return usage(501, "an unknown Transfer-Encoding", "send chunked, or a Content-Length");
  }
  // Another server on the way may take another one of several (RFC 9112, section 3.2).
  const size_t hosts = request.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && request.version() >= 11)) {
    return usage(400, hosts == 0 ? "no Host" : "more than one Host", "send one");
  }
  return context_.service.refuse(head_);
}

/// Why the body is not read.
std::optional<ServiceReply> HttpConnection::unfit_body() const {
  if (parser_->get().count(http::field::content_encoding) > 0) {
    return usage(415, "a compressed body", "send it as it is");
  }
  const auto length = parser_->content_length();
  if (!length && !parser_->chunked()) return usage(411, "no Content-Length", "send it");
  if (length && *length > context_.options.max_body_bytes) return read_failure(http::error::body_limit);
  return std::nullopt;
}

void HttpConnection::read_body() {
  LimitedBody::value_type& body = parser_->get().body();
  body.max_bytes = context_.options.max_body_bytes;
  body.share = std::make_unique<MemoryBudget::Share>(context_.bodies);
  body.cost = budget_cost(media_type(body_.content_type), parser_->chunked());
  if (!boost::beast::iequals(parser_->get()[http::field::expect], "100-continue")) return continue_body();
  auto go_on = std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
  http::async_write(socket_, *go_on, [self = shared_from_this(), go_on](ErrorCode error, size_t) {
    if (!error) self->continue_body();
  });
}

void HttpConnection::continue_body() {
  buffer_.reserve(kReadBytes);
  http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](ErrorCode error, size_t) {
    if (error) {
      self->drop_body();
      return self->send(self->read_failure(error));
    }
    self->has_unread_body_ = false;
    self->body_.body = std::move(self->parser_->get().body().bytes);
    self->hand_to_worker();
  });
}

/// Others may have its memory while the answer is sent.
void HttpConnection::drop_body() {
  LimitedBody::value_type& body = parser_->get().body();
  const size_t bytes = body.bytes.size();
  std::string().swap(body.bytes);  // an assignment would keep the memory
  body.share.reset();
  context_.note_freed(bytes);
}

ServiceReply HttpConnection::read_failure(ErrorCode error) const {
  const std::string most = std::to_string(context_.options.max_body_bytes);
  if (timed_out_) return usage(408, "the request was not received in time");
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return usage(431, "the request's head is too long");
  }
  if (error == http::error::body_limit)
    return usage(413, "larger than " + most + " bytes", "send a smaller image");
  if (error == asio::error::no_memory) return busy("too many requests at the same time");
  if (error == http::error::partial_message) return usage(400, "the request is truncated");
  if (error.category() == make_error_code(http::error::bad_method).category())
    return usage(400, "malformed request");
  return usage(kClientGone, "the client disconnected");
}

void HttpConnection::hand_to_worker() {
  deadline_.cancel();
  body_bytes_ = body_.body.size();
  const auto started = context_.workers.run([self = shared_from_this()]() mutable {
    try {
      self->answer_on_worker();
    } catch (const std::bad_alloc&) {
      // Nothing can be sent; the connection ends with its last owner.
    }
    // It does so on its own thread.
    const auto executor = self->socket_.get_executor();
    asio::post(executor, [self = std::move(self)] {});
  });
  if (started == WorkerThreads::Start::kStarted) return;
  if (started == WorkerThreads::Start::kNoThread) context_.note_no_thread();
  send(busy("no thread is available for this request"));
}

void HttpConnection::answer_on_worker() {
  ServiceReply reply = context_.service.answer(head_, std::move(body_), [this] { return client_waits(); });
  parser_->get().body().share.reset();
  if (reply.stream) return stream_on_worker(reply);
  asio::post(socket_.get_executor(), [self = shared_from_this(), reply = std::move(reply)]() mutable {
    self->send(std::move(reply));
  });
}

/// Runs `begin(handler)` on the connection's thread and waits for what the handler gets; whether that was no
/// error.
template <typename Begin>
bool HttpConnection::wait_for(Begin begin) {
  auto promise = std::make_shared<std::promise<bool>>();
  std::future<bool> done = promise->get_future();
  asio::post(socket_.get_executor(), [this, promise = std::move(promise), &begin] {
    expire_after(context_.options.send_timeout);
    begin([promise](ErrorCode error, size_t) { promise->set_value(!error); });
  });
  try {
    return done.get();
  } catch (const std::future_error&) {  // there was no memory to begin with it
    return false;
  }
}

/// Chunks, or for a client of HTTP/1.0 what comes until the connection ends.
void HttpConnection::stream_on_worker(ServiceReply& reply) {
  const bool is_chunked = parser_->get().version() >= 11;
  http::response<http::empty_body> head;
  head.version(parser_->get().version());
  put_head(reply, head);
  head.chunked(is_chunked);
  http::response_serializer<http::empty_body> serializer(head);
  bool open = wait_for([&](auto done) {
    head.keep_alive(is_chunked && parser_->keep_alive() && !is_finishing_);
    http::async_write_header(socket_, serializer, done);
  });
  reply.stream([&](std::string_view piece) {
    const asio::const_buffer bytes(piece.data(), piece.size());
    open = open && (piece.empty() || wait_for([&](auto done) {
                      if (is_chunked) return asio::async_write(socket_, http::make_chunk(bytes), done);
                      asio::async_write(socket_, bytes, done);
                    }));
    return open;
  });
  if (open && is_chunked) {
    open = wait_for([&](auto done) { asio::async_write(socket_, http::make_chunk_last(), done); });
  }
  const bool ends = !open || !head.keep_alive();
  const int status = open ? reply.status : kClientGone;
  asio::post(socket_.get_executor(), [self = shared_from_this(), ends, status] {
    self->is_finishing_ = self->is_finishing_ || ends;
    self->end_request(status);
  });
}

/// A client that has only closed its own side still waits; one that is gone shows it by a reset, at the
/// latest when something is sent.
bool HttpConnection::client_waits() {
  pollfd entry{socket_.native_handle(), 0, 0};
  return ::poll(&entry, 1, 0) == 0;
}

void HttpConnection::send(ServiceReply reply) {
  if (reply.status == kClientGone) {
    is_finishing_ = true;
    return end_request(kClientGone);
  }
  const bool has_request = parser_ && parser_->is_header_done();
  is_finishing_ = is_finishing_ || has_unread_body_ || !has_request || !parser_->keep_alive();
  if (head_.method == "HEAD") {
    auto message = std::make_shared<http::response<http::empty_body>>();
    put_head(reply, *message);
    message->content_length(reply.body.size());
    return send_message(std::move(message));
  }
  auto message = std::make_shared<http::response<http::string_body>>();
  put_head(reply, *message);
  message->body() = std::move(reply.body);
  message->prepare_payload();
  send_message(std::move(message));
}

template <typename Message>
void HttpConnection::send_message(std::shared_ptr<Message> message) {
  message->version(parser_ && parser_->is_header_done() ? parser_->get().version() : 11);
  message->keep_alive(!is_finishing_);
  auto serializer = std::make_shared<http::serializer<false, typename Message::body_type>>(*message);
  send_some(std::move(message), std::move(serializer));
}

/// The deadline is for each step, so that a slow client gets a long answer.
template <typename Message, typename Serializer>
void HttpConnection::send_some(std::shared_ptr<Message> message, std::shared_ptr<Serializer> serializer) {
  expire_after(context_.options.send_timeout);
  http::async_write_some(socket_, *serializer,
                         [self = shared_from_this(), message, serializer](ErrorCode error, size_t) {
                           if (!error && !serializer->is_done()) return self->send_some(message, serializer);
                           if (error) self->is_finishing_ = true;
                           self->end_request(error ? kClientGone : static_cast<int>(message->result_int()));
                         });
}

void HttpConnection::end_request(int status) {
  const std::chrono::duration<double> taken = Clock::now() - start_;
  if (has_begun_) {
    context_.service.count(head_, status, taken.count());
    if (context_.options.log) context_.options.log(answered(status, taken.count()));
    context_.note_freed(body_bytes_);
  }
  if (is_finishing_) return linger();
  idle_since_ = Clock::now();
  wait_for_request();
}

/// Closing a connection with unread data resets it, and the client would never see why it was refused.
void HttpConnection::linger() {
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  buffer_.clear();
  expire_after(kLingering);
  discard(kMaxLingeringBytes);
}

void HttpConnection::discard(size_t most) {
  socket_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this(), most](ErrorCode error, size_t count) {
                            if (!error && count < most) self->discard(most - count);
                          });
}

AnsweredRequest HttpConnection::answered(int status, double seconds) const {
  constexpr size_t kMaxBytes = 100;
  return {printable(head_.method.substr(0, kMaxBytes)), printable(head_.path.substr(0, kMaxBytes)), status,
          seconds};
}

}  // namespace kiloword
