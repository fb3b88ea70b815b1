#include "kiloword/client/server_client.h"

#include <curl/curl.h>

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/version.h"

namespace kiloword {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr long kConnectMs = 5'000;
constexpr long kAnswerMs = 600'000;  // descriptions may wait for their turn
constexpr seconds kBusyFor{30};
constexpr size_t kMaxAnswerBytes = size_t{256} << 20;
constexpr std::string_view kUnixScheme = "unix:";

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MimeDeleter {
  void operator()(curl_mime* form) const { curl_mime_free(form); }
};
struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using HeaderLines = std::unique_ptr<curl_slist, ListDeleter>;
using Form = std::unique_ptr<curl_mime, MimeDeleter>;

void start_curl() {
  static const CURLcode kResult = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kResult != CURLE_OK) throw Error(ErrorKind::kInternal, "libcurl does not start");
}

void add_part(curl_mime* form, const std::string& name, const std::string& content) {
  curl_mimepart* part = curl_mime_addpart(form);
  const bool is_added = part != nullptr && curl_mime_name(part, name.c_str()) == CURLE_OK &&
                        curl_mime_data(part, content.data(), content.size()) == CURLE_OK;
  if (!is_added) throw std::bad_alloc();
}

Form make_form(CURL* easy, const RequestFields& fields, const std::string& image) {
  Form form(curl_mime_init(easy));
  for (const auto& [name, value] : fields) add_part(form.get(), name, value);
  if (!image.empty()) add_part(form.get(), "image", image);
  return form;
}

/// What comes, as libcurl's callback sees it.
struct Receiving {
  std::string body;
  const std::function<void(std::string_view)>& see;
  std::exception_ptr thrown;
};

/// Anything but `size` ends the transfer.
size_t on_body(const char* data, size_t /*one*/, size_t size, void* user) {
  auto& receiving = *static_cast<Receiving*>(user);
  if (receiving.body.size() + size > kMaxAnswerBytes) return 0;
  try {
    receiving.body.append(data, size);
    if (receiving.see) receiving.see({data, size});
  } catch (...) {
    receiving.thrown = std::current_exception();
    return 0;
  }
  return size;
}

std::string header_of(CURL* easy, const char* name) {
  curl_header* header = nullptr;
  return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : "";
}

std::string escaped(const std::string& text) {
  const std::unique_ptr<char, void (*)(void*)> escaped(
      curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free);
  if (escaped == nullptr) throw std::bad_alloc();
  return escaped.get();
}

[[noreturn]] void refuse_address(const std::string& address) {
  throw Error(ErrorKind::kUsage, "no server's address", address,
              "give it as the server tells it: http://HOST:PORT or unix:PATH");
}

}  // namespace

/// Connections that no request uses, each in the handle that made it.
struct ServerClient::Connections {
  std::mutex mutex;
  std::vector<Easy> idle;

  /// A handle for the time of one request.
  struct Lease {
    explicit Lease(Connections& its_connections) : connections(its_connections) {
      const std::lock_guard<std::mutex> lock(connections.mutex);
      if (connections.idle.empty()) {
        easy.reset(curl_easy_init());
      } else {
        easy = std::move(connections.idle.back());
        connections.idle.pop_back();
      }
      if (easy == nullptr) throw std::bad_alloc();
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      curl_easy_reset(easy.get());  // options go, the connection stays
      const std::lock_guard<std::mutex> lock(connections.mutex);
      connections.idle.push_back(std::move(easy));
    }

    Connections& connections;
    Easy easy;
  };
};

ServerClient::ServerClient(const std::string& address, std::string token, std::string way_out)
    : connections_(std::make_shared<Connections>()),
      address_(address),
      token_(std::move(token)),
      way_out_(std::move(way_out)) {
  start_curl();
  if (address.compare(0, kUnixScheme.size(), kUnixScheme) == 0) {
    socket_path_ = address.substr(kUnixScheme.size());
    base_url_ = "http://localhost";
    if (socket_path_.empty()) refuse_address(address);
    return;
  }
  base_url_ = address.find("://") == std::string::npos ? "http://" + address : address;
  while (base_url_.back() == '/') base_url_.pop_back();
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  char* path = nullptr;
  const bool is_url =
      curl_url_set(url.get(), CURLUPART_URL, base_url_.c_str(), CURLU_DISALLOW_USER) == CURLUE_OK &&
      curl_url_get(url.get(), CURLUPART_PATH, &path, 0) == CURLUE_OK;
  const bool is_bare = is_url && std::string(path) == "/";
  curl_free(path);
  const bool is_http = base_url_.compare(0, 7, "http://") == 0 || base_url_.compare(0, 8, "https://") == 0;
  if (!is_bare || !is_http || address.find_first_of("?# ") != std::string::npos) {
    refuse_address(address);
  }
}

ServerAnswer ServerClient::post(const std::string& path, const RequestFields& fields,
                                const std::string& image) const {
  return ask_until_free(path, &fields, image, {});
}

ServerAnswer ServerClient::post(const std::string& path, const RequestFields& fields,
                                const std::string& image,
                                const std::function<void(std::string_view)>& see) const {
  return ask_until_free(path, &fields, image, see);
}

ServerAnswer ServerClient::get(const std::string& path, const RequestFields& fields) const {
  std::string target = path;
  for (const auto& [name, value] : fields) {
    target += (target.size() == path.size() ? "?" : "&") + name + "=" + escaped(value);
  }
  return ask_until_free(target, nullptr, "", {});
}

ServerAnswer ServerClient::ask_until_free(const std::string& path, const RequestFields* fields,
                                          const std::string& image,
                                          const std::function<void(std::string_view)>& see) const {
  constexpr int kBusy = 503;
  const auto end = steady_clock::now() + kBusyFor;
  auto wait = std::chrono::milliseconds(100);
  while (true) {
    ServerAnswer answer = ask(path, fields, image, see);
    if (answer.status != kBusy || steady_clock::now() + wait > end) return answer;
    std::this_thread::sleep_for(wait);
    wait = std::min(2 * wait, std::chrono::milliseconds(2000));
  }
}

ServerAnswer ServerClient::ask(const std::string& path, const RequestFields* fields, const std::string& image,
                               const std::function<void(std::string_view)>& see) const {
  const Connections::Lease lease(*connections_);
  const Easy& easy = lease.easy;
  Form form;
  HeaderLines headers;
  curl_easy_setopt(easy.get(), CURLOPT_URL, (base_url_ + path).c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_NOPROXY, "*");  // a proxy of the environment is not for this machine
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, (std::string("kiloword/") + kVersion).c_str());
  curl_easy_setopt(easy.get(), CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, kAnswerMs);
  if (!socket_path_.empty()) curl_easy_setopt(easy.get(), CURLOPT_UNIX_SOCKET_PATH, socket_path_.c_str());
  if (fields != nullptr) {
    form = make_form(easy.get(), *fields, image);
    curl_easy_setopt(easy.get(), CURLOPT_MIMEPOST, form.get());
  }
  headers.reset(curl_slist_append(nullptr, "Expect:"));  // do not wait a second to be told to go on
  if (!token_.empty()) curl_slist_append(headers.get(), ("Authorization: Bearer " + token_).c_str());
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  Receiving receiving{"", see, nullptr};
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &receiving);
  const CURLcode code = curl_easy_perform(easy.get());
  if (receiving.thrown) std::rethrow_exception(receiving.thrown);
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (code != CURLE_OK && status == 0) {
    throw Error(ErrorKind::kModel, "no server answers", address_,
                "start one with 'kiloword serve', or " + way_out_);
  }
  if (code != CURLE_OK)
    throw Error(ErrorKind::kModel, "the server's response is truncated", address_, "try again");
  return {static_cast<int>(status), std::move(receiving.body), header_of(easy.get(), "Kiloword-Remedy")};
}

}  // namespace kiloword
