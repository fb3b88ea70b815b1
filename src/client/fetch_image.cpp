#include "kiloword/client/fetch_image.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <memory>
#include <string_view>

#include "client/public_address.h"
#include "kiloword/base/ascii.h"
#include "kiloword/base/error.h"
#include "kiloword/base/version.h"

namespace kiloword {
namespace {

struct CloseEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

struct Transfer {
  const FetchLimits& limits;
  CURL* easy;
  std::string body;
  std::string type;
  bool is_wrong_type = false;
  bool is_too_large = false;
  bool is_private = false;
};

bool may_be_image(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return type.empty() || type.substr(0, 6) == "image/" || type.substr(0, 6) == "video/" ||
         type == "application/pdf" || type == "application/octet-stream" || type == "binary/octet-stream";
}

size_t on_body(const char* data, size_t /*one*/, size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.body.empty()) {
    const char* type = nullptr;
    curl_easy_getinfo(transfer.easy, CURLINFO_CONTENT_TYPE, &type);
    transfer.type = type == nullptr ? "" : ascii_lower(type);
    transfer.is_wrong_type = !may_be_image(transfer.type);
  }
  transfer.is_too_large = transfer.body.size() + size > transfer.limits.max_bytes;
  if (transfer.is_wrong_type || transfer.is_too_large) return size == 0 ? 1 : 0;
  transfer.body.append(data, size);
  return size;
}

/// Opens sockets to public addresses alone.
curl_socket_t open_socket(void* user, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.limits.allow_private && !is_public_address(&address->addr)) {
    transfer.is_private = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void set_up(Transfer& transfer, const std::string& url) {
  CURL* easy = transfer.easy;
  const FetchLimits& limits = transfer.limits;
  const char* scheme = ascii_lower(url.substr(0, 6)) == "https:" ? "https" : "http";
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme);
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, scheme);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(limits.redirects));
  curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits.max_bytes));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.time.count()));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, (std::string("kiloword/") + kVersion).c_str());
  if (!limits.allow_private) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
}

Error failure(CURLcode code, const Transfer& transfer) {
  const auto input = [](const std::string& what, const std::string& remedy) {
    return Error(ErrorKind::kInput, what, "", remedy);
  };
  if (transfer.is_private) {
    return input("its address is of this machine or a private network", "allow that with --allow-private");
  }
  if (transfer.is_wrong_type) {
    return input("is " + transfer.type + ", not an image", "give the address of the image itself");
  }
  if (transfer.is_too_large || code == CURLE_FILESIZE_EXCEEDED) {
    return input("larger than the limit of " + std::to_string(transfer.limits.max_bytes) + " bytes",
                 "fetch it with another program");
  }
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  switch (code) {
    case CURLE_HTTP_RETURNED_ERROR:
      return input("the server answers with status " + std::to_string(status), "check the address");
    case CURLE_TOO_MANY_REDIRECTS:
      return input("more than " + std::to_string(transfer.limits.redirects) + " redirects",
                   "check the address");
    case CURLE_UNSUPPORTED_PROTOCOL:
      return input("is redirected to another scheme", "give the address that it leads to");
    case CURLE_OPERATION_TIMEDOUT:
      return input("cannot be fetched in time", "try again later");
    default:
      return input("cannot be fetched: " + ascii_lower(curl_easy_strerror(code)), "check the address");
  }
}

}  // namespace

std::string fetch_image(const std::string& url, const FetchLimits& limits) {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, CloseEasy> easy(curl_easy_init());
  if (kStarted != CURLE_OK || !easy) throw Error(ErrorKind::kInternal, "libcurl does not start");
  Transfer transfer{limits, easy.get(), {}, {}};
  set_up(transfer, url);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) throw failure(code, transfer);
  if (transfer.body.empty()) throw Error(ErrorKind::kInput, "empty file", "", "give the address of an image");
  return std::move(transfer.body);
}

}  // namespace kiloword
