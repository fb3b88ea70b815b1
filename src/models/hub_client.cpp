#include "models/hub_client.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/models/hub_names.h"

namespace kiloword {
namespace {

constexpr int kMaxRedirects = 8;
constexpr size_t kMaxPageBytes = 64 * 1024;

std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The value of an ETag: without the mark of weakness and the quotes.
std::string unquoted(std::string_view etag) {
  if (etag.substr(0, 2) == "W/") etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool may_pass(int status) {
  return status == 408 || status == 429 || status >= 500;
}

bool is_web_page(const HttpResponse& response) {
  return response.header("content-type").rfind("text/html", 0) == 0;
}

std::optional<std::chrono::milliseconds> asked_wait(const HttpResponse& response) {
  constexpr uint64_t kMaxSeconds = 24 * 3600;
  const std::optional<uint64_t> seconds = parse_number(response.header("retry-after"));
  if (!seconds) return std::nullopt;
  return std::chrono::milliseconds(1000 * static_cast<int64_t>(std::min(*seconds, kMaxSeconds)));
}

/// The first byte and the whole length that "bytes 5-9/10" speaks of.
bool parse_content_range(std::string_view text, uint64_t& first, uint64_t& length) {
  constexpr std::string_view kUnit = "bytes ";
  if (text.substr(0, kUnit.size()) != kUnit) return false;
  text.remove_prefix(kUnit.size());
  const size_t dash = text.find('-');
  const size_t slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos) return false;
  const auto begin = parse_number(text.substr(0, dash));
  const auto whole = parse_number(text.substr(slash + 1));
  if (!begin || !whole) return false;
  first = *begin;
  length = *whole;
  return true;
}

Error web_page_error(const std::string& place) {
  return {ErrorKind::kModel, "the server answers with a web page instead of the file", place,
          "look whether the network asks for a login, and whether HF_ENDPOINT is right"};
}

}  // namespace

/// What came of a request and the redirects behind it.
struct HubClient::Answer {
  HttpResponse response;      // the last one
  bool from_hub = true;       // whether the last one came from the endpoint's host
  HttpResponse hub_response;  // the last one from there, a redirect to another host included
  std::string linked_etag;    // of any answer from there
  std::string linked_size;
  std::string commit;
};

HubClient::HubClient(const HubSettings& settings, const TransferLimits& limits, RetryPolicy policy,
                     std::function<bool()> stop, RetryNotice notice)
    : settings_(settings),
      origin_(origin_of_url(settings.endpoint)),
      policy_(policy),
      stop_(std::move(stop)),
      notice_(std::move(notice)),
      session_(limits, stop_) {}

std::string HubClient::file_url(const std::string& repository, const std::string& revision,
                                const std::string& file) const {
  // A revision is one part of the address: its own slashes are escaped.
  std::string escaped_revision;
  for (const char c : escape_url_path(revision)) escaped_revision += c == '/' ? "%2F" : std::string(1, c);
  return settings_.endpoint + "/" + escape_url_path(repository) + "/resolve/" + escaped_revision + "/" +
         escape_url_path(file);
}

HubClient::Answer HubClient::ask(HttpRequest request, bool follow_to_other_hosts,
                                 const HttpSession::BodyReceiver& receive) {
  Answer answer;
  const std::vector<std::string> own_headers = request.headers;
  size_t passed_over = 0;  // of a short page about a redirect or an error, so that the connection can be kept
  const HttpSession::BodyReceiver receive_file = [&](const HttpResponse& head, std::string_view bytes) {
    if (head.status >= 200 && head.status < 300) return receive(head, bytes);
    passed_over += bytes.size();
    return passed_over <= kMaxPageBytes;
  };
  for (int hop = 0; hop <= kMaxRedirects; ++hop) {
    const std::string origin = origin_of_url(request.url);
    answer.from_hub = origin == origin_;
    request.headers = own_headers;
    request.headers.emplace_back("Accept-Encoding: identity");
    if (answer.from_hub && !settings_.token.empty()) {
      request.headers.push_back("Authorization: Bearer " + settings_.token);
    }
    answer.response = session_.perform(request, receive_file);
    if (answer.response.end == TransferEnd::kStopped) throw PullStopped();
    if (answer.from_hub) {
      const auto take = [&](std::string& into, const char* name) {
        if (const std::string value = answer.response.header(name); !value.empty()) into = value;
      };
      take(answer.linked_etag, "x-linked-etag");
      take(answer.linked_size, "x-linked-size");
      take(answer.commit, "x-repo-commit");
      answer.hub_response = answer.response;
    }
    if (!is_redirect(answer.response.status)) return answer;
    // What a redirect says besides is of no interest, and neither is how its body ended.
    const std::string target = resolve_url(request.url, answer.response.header("location"));
    const std::string target_origin = origin_of_url(target);
    const bool gives_up_encryption = origin.rfind("https:", 0) == 0 && target_origin.rfind("https:", 0) != 0;
    if (target.empty() || gives_up_encryption) {
      throw Error(ErrorKind::kModel, "the server redirects to an address that is not safe to follow",
                  request.url, "look whether HF_ENDPOINT is right");
    }
    if (target_origin != origin_ && !follow_to_other_hosts) return answer;
    request.url = target;
  }
  throw Error(ErrorKind::kModel, "the server redirects without end", request.url,
              "look whether HF_ENDPOINT is right");
}

void HubClient::refuse(const HttpResponse& response, bool from_hub, const std::string& repository,
                       const std::string& place) const {
  const std::string code = response.header("x-error-code");
  const std::string page = settings_.endpoint + "/" + repository;
  if (!from_hub) {
    throw Error(ErrorKind::kModel,
                "the host that stores the file refuses it (" + std::to_string(response.status) + ")", place,
                "try again later");
  }
  if (code == "RevisionNotFound") {
    throw Error(ErrorKind::kModel, "the repository has no such revision", place, "see " + page);
  }
  if (response.status == 401 && code != "GatedRepo") {
    throw Error(ErrorKind::kModel, "no such repository, or it needs a token", place,
                settings_.token.empty() ? "look at its name; for a private one set HF_TOKEN"
                                        : "the token in use does not open it");
  }
  if (response.status == 401 || response.status == 403) {
    throw Error(ErrorKind::kModel, "access to the repository is refused", place,
                "accept its conditions at " + page + " and set HF_TOKEN to a token of yours");
  }
  if (response.status == 404) {
    throw Error(ErrorKind::kModel, "no such repository", place, "look at its name");
  }
  throw Error(ErrorKind::kModel, "unexpected answer " + std::to_string(response.status) + " of the server",
              place, "look whether HF_ENDPOINT is right");
}

FileFacts HubClient::read_facts(const Answer& answer, const std::string& place) const {
  const HttpResponse& response = answer.hub_response;
  if (answer.commit.empty() && is_web_page(response)) throw web_page_error(place);
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorKind::kModel, "the answer of the server " + what, place,
                "look whether HF_ENDPOINT is a hub's address");
  };
  FileFacts facts;
  facts.commit = answer.commit;
  if (!is_commit(facts.commit)) fail("names no commit");
  // The length and ETag of a redirect are its own, not the file's.
  const bool is_file = !is_redirect(response.status);
  const std::string etag =
      !answer.linked_etag.empty() || !is_file ? answer.linked_etag : response.header("etag");
  facts.blob_name = unquoted(etag);
  if (!is_blob_name(facts.blob_name)) fail("has no usable ETag");
  const std::string size =
      !answer.linked_size.empty() || !is_file ? answer.linked_size : response.header("content-length");
  const std::optional<uint64_t> bytes = parse_number(size);
  constexpr uint64_t kMaxFileBytes = uint64_t{1} << 40;
  if (!bytes || *bytes > kMaxFileBytes) fail("does not say how long the file is");
  facts.size_bytes = *bytes;
  return facts;
}

namespace {

std::optional<Setback> setback_of(const HttpResponse& response, const std::string& place) {
  switch (response.end) {
    case TransferEnd::kUnreachable:
      return Setback{{ErrorKind::kModel, "cannot reach the server: " + response.failure, place,
                      "look at the network, and pull again"},
                     std::nullopt};
    case TransferEnd::kUntrusted:
      throw Error(ErrorKind::kModel, "the server's certificate cannot be trusted: " + response.failure, place,
                  "look at the clock, the package ca-certificates, and what is between here and the server");
    case TransferEnd::kCut:
      return Setback{{ErrorKind::kModel, "the transfer broke off: " + response.failure, place,
                      "pull again: it goes on where it stopped"},
                     std::nullopt};
    default:
      break;
  }
  if (!may_pass(response.status)) return std::nullopt;
  const std::string what = response.status == 429
                               ? "too many requests for the server (429)"
                               : "the server has a problem (" + std::to_string(response.status) + ")";
  return Setback{{ErrorKind::kModel, what, place, "pull again later"}, asked_wait(response)};
}

}  // namespace

std::optional<FileFacts> HubClient::facts(const std::string& repository, const std::string& revision,
                                          const std::string& file) {
  const std::string url = file_url(repository, revision, file);
  std::optional<FileFacts> found;
  retry([&]() -> std::optional<Setback> {
    const Answer answer = ask({url, /*head_only=*/true, {}}, /*follow_to_other_hosts=*/false,
                              [](const HttpResponse&, std::string_view) { return false; });
    if (auto setback = setback_of(answer.response, url)) return setback;
    const int status = answer.response.status;
    const std::string code = answer.response.header("x-error-code");
    if (status == 404 && code != "RepoNotFound" && code != "RevisionNotFound") return std::nullopt;
    if (status != 200 && !is_redirect(status)) refuse(answer.response, /*from_hub=*/true, repository, url);
    found = read_facts(answer, url);
    return std::nullopt;
  });
  return found;
}

std::optional<Setback> HubClient::fetch(const std::string& repository, const FileFacts& facts,
                                        const std::string& file, uint64_t offset,
                                        const std::function<void()>& restart,
                                        const std::function<void(std::string_view)>& receive) {
  const std::string url = file_url(repository, facts.commit, file);
  HttpRequest request{url, /*head_only=*/false, {}};
  if (offset > 0) request.headers.push_back("Range: bytes=" + std::to_string(offset) + "-");
  bool begun = false;
  // Looks at the head of the answer before its first byte is taken.
  const auto begin = [&](const HttpResponse& head) {
    begun = true;
    if (is_web_page(head)) throw web_page_error(url);
    uint64_t first = 0;
    uint64_t whole = facts.size_bytes;
    if (head.status == 206) {
      if (!parse_content_range(head.header("content-range"), first, whole) || first != offset) {
        throw Error(ErrorKind::kModel, "the server sends another part of the file than was asked for", url,
                    "pull again later");
      }
    } else if (const auto length = parse_number(head.header("content-length"))) {
      whole = *length;
    }
    if (whole != facts.size_bytes) {
      throw Error(ErrorKind::kModel,
                  "the server sends a file of " + std::to_string(whole) + " bytes instead of the announced " +
                      std::to_string(facts.size_bytes),
                  url, "pull again later");
    }
    if (first != offset) restart();
  };
  const Answer answer = ask(std::move(request), /*follow_to_other_hosts=*/true,
                            [&](const HttpResponse& head, std::string_view bytes) {
                              if (!begun) begin(head);
                              receive(bytes);
                              return true;
                            });
  if (auto setback = setback_of(answer.response, url)) return setback;
  const int status = answer.response.status;
  if (status == 416) {  // nothing behind `offset`: what is here is not a beginning of the file
    restart();
    return Setback{{ErrorKind::kModel, "the server cannot go on with the file", url, "pull again"},
                   std::nullopt};
  }
  if (status != 200 && status != 206) refuse(answer.response, answer.from_hub, repository, url);
  if (!begun) begin(answer.response);
  return std::nullopt;
}

}  // namespace kiloword
