#include "models/http_session.h"

#include <curl/curl.h>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "kiloword/base/ascii.h"
#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/base/version.h"

namespace kiloword {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMaxHeaderBytes = 1 << 16;
constexpr int kPollMs = 50;

void initialise_curl() {
  static const CURLcode kResult = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kResult != CURLE_OK) throw Error(ErrorKind::kInternal, "libcurl does not start");
}

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

HeaderList header_list(const std::vector<std::string>& headers) {
  HeaderList list;
  for (const std::string& header : headers) {
    curl_slist* longer = curl_slist_append(list.get(), header.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

/// What is under way, as libcurl's callbacks see it.
struct Transfer {
  HttpResponse response;
  const HttpSession::BodyReceiver& receive;
  size_t header_bytes = 0;
  uint64_t body_bytes = 0;
  bool refused = false;
  std::exception_ptr thrown;
};

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Anything but `size` ends the transfer.
size_t on_header(const char* data, size_t /*one*/, size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.header_bytes += size;
  if (transfer.header_bytes > kMaxHeaderBytes) return 0;
  const std::string_view line = trim({data, size});
  if (line.substr(0, 5) == "HTTP/") {  // of an interim answer as well: the last status line counts
    transfer.response.headers.clear();
    return size;
  }
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    transfer.response.headers[ascii_lower(line.substr(0, colon))] = std::string(trim(line.substr(colon + 1)));
  }
  return size;
}

struct EasyTransfer {
  CURL* easy;
  Transfer* transfer;
};

size_t on_body(const char* data, size_t /*one*/, size_t size, void* user) {
  const auto& [easy, transfer] = *static_cast<EasyTransfer*>(user);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  transfer->response.status = static_cast<int>(status);
  transfer->body_bytes += size;
  try {
    if (transfer->receive(transfer->response, {data, size})) return size;
  } catch (...) {
    transfer->thrown = std::current_exception();
  }
  transfer->refused = true;
  return size == 0 ? 1 : 0;
}

TransferEnd end_of(CURLcode code, const Transfer& transfer) {
  if (code == CURLE_OK) return TransferEnd::kComplete;
  if (transfer.refused) return TransferEnd::kRefused;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
      return transfer.header_bytes == 0 ? TransferEnd::kUnreachable : TransferEnd::kCut;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return TransferEnd::kUntrusted;
    default:
      return TransferEnd::kCut;
  }
}

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using ParsedUrl = std::unique_ptr<CURLU, UrlDeleter>;

std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string result(text);
  curl_free(text);
  return result;
}

}  // namespace

std::string HttpResponse::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

struct HttpSession::State {
  TransferLimits limits;
  std::function<bool()> stop;
  CURL* easy = nullptr;
  CURLM* multi = nullptr;

  /// Runs the transfer that is set up on `easy`.
  void run(Transfer& transfer);
};

HttpSession::HttpSession(const TransferLimits& limits, std::function<bool()> stop)
    : state_(std::make_unique<State>()) {
  initialise_curl();
  state_->limits = limits;
  state_->stop = std::move(stop);
  state_->easy = curl_easy_init();
  state_->multi = curl_multi_init();
  if (state_->easy == nullptr || state_->multi == nullptr) throw std::bad_alloc();
}

HttpSession::~HttpSession() {
  curl_easy_cleanup(state_->easy);
  curl_multi_cleanup(state_->multi);
}

void HttpSession::State::run(Transfer& transfer) {
  HttpResponse& response = transfer.response;
  CURLcode code = CURLE_OK;
  bool done = false;
  uint64_t bytes_then = 0;
  Clock::time_point since = Clock::now();
  while (!done) {
    int running = 0;
    int messages = 0;
    curl_multi_perform(multi, &running);
    while (const CURLMsg* message = curl_multi_info_read(multi, &messages)) {
      if (message->msg != CURLMSG_DONE) continue;
      code = message->data.result;
      done = true;
    }
    if (done) break;
    if (stop()) {
      response.end = TransferEnd::kStopped;
      response.failure = "stopped";
      return;
    }
    if (Clock::now() - since >= limits.stall) {
      if (transfer.body_bytes - bytes_then < limits.stall_bytes) {
        response.end = TransferEnd::kCut;
        response.failure = "the server stopped sending";
        return;
      }
      bytes_then = transfer.body_bytes;
      since = Clock::now();
    }
    curl_multi_poll(multi, nullptr, 0, kPollMs, nullptr);
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  response.end = end_of(code, transfer);
  if (code != CURLE_OK) response.failure = ascii_lower(curl_easy_strerror(code));
}

HttpResponse HttpSession::perform(const HttpRequest& request, const BodyReceiver& receive) {
  CURL* easy = state_->easy;
  Transfer transfer{{}, receive, 0, 0, false, nullptr};
  EasyTransfer body{easy, &transfer};
  const HeaderList headers = header_list(request.headers);
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_NOBODY, request.head_only ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, (std::string("kiloword/") + kVersion).c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(state_->limits.connect.count()));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  curl_multi_add_handle(state_->multi, easy);
  state_->run(transfer);
  curl_multi_remove_handle(state_->multi, easy);
  if (transfer.thrown) std::rethrow_exception(transfer.thrown);
  return std::move(transfer.response);
}

std::string origin_of_url(const std::string& url) {
  const ParsedUrl parsed(curl_url());
  const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c != '\x7f'; });
  if (!is_plain || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "";
  const std::string scheme = url_part(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return "";
  if (!url_part(parsed.get(), CURLUPART_USER).empty() || !url_part(parsed.get(), CURLUPART_PASSWORD).empty())
    return "";
  const std::string host = url_part(parsed.get(), CURLUPART_HOST);
  if (host.empty()) return "";
  return scheme + "://" + ascii_lower(host) + ":" +
         url_part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

std::string resolve_url(const std::string& url, const std::string& location) {
  if (location.empty()) return "";
  const ParsedUrl parsed(curl_url());
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "";
  if (curl_url_set(parsed.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK) return "";
  const std::string target = url_part(parsed.get(), CURLUPART_URL);
  return origin_of_url(target).empty() ? "" : target;
}

}  // namespace kiloword
