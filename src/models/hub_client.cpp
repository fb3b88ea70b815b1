#include "models/hub_client.h"

#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/url_path.h"

namespace kiloword {
namespace {

constexpr int kMaxRedirects = 8;
constexpr size_t kMaxPageBytes = 1 << 16;

}  // namespace

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

HubAnswer HubClient::ask(HttpRequest request, bool follow_to_other_hosts,
                         const HttpSession::BodyReceiver& receive) {
  HubAnswer answer;
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
                  request.url, "check HF_ENDPOINT");
    }
    if (target_origin != origin_ && !follow_to_other_hosts) return answer;
    request.url = target;
  }
  throw Error(ErrorKind::kModel, "the server redirects without end", request.url, "check HF_ENDPOINT");
}

Asked HubClient::asked(const std::string& repository, const std::string& url) const {
  return {url, settings_.endpoint + "/" + repository, !settings_.token.empty()};
}

std::optional<FileFacts> HubClient::facts(const std::string& repository, const std::string& revision,
                                          const std::string& file) {
  const std::string url = file_url(repository, revision, file);
  std::optional<FileFacts> found;
  retry([&]() -> std::optional<Setback> {
    const HubAnswer answer = ask({url, /*head_only=*/true, {}}, /*follow_to_other_hosts=*/false,
                                 [](const HttpResponse&, std::string_view) { return false; });
    if (auto setback = setback_of(answer.response, url)) return setback;
    const int status = answer.response.status;
    const std::string code = answer.response.header("x-error-code");
    if (status == 404 && code != "RepoNotFound" && code != "RevisionNotFound") return std::nullopt;
    if (status != 200 && !is_redirect(status))
      throw_refusal(answer.response, /*from_hub=*/true, asked(repository, url));
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
      const auto range = parse_content_range(head.header("content-range"));
      if (!range || range->first != offset) {
        throw Error(ErrorKind::kModel, "the server sends another part of the file than was asked for", url,
                    "pull again later");
      }
      first = range->first;
      whole = range->whole_bytes;
    } else if (const auto length = content_length(head)) {
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
  const HubAnswer answer = ask(std::move(request), /*follow_to_other_hosts=*/true,
                               [&](const HttpResponse& head, std::string_view bytes) {
                                 if (!begun) begin(head);
                                 receive(bytes);
                                 return true;
                               });
  if (auto setback = setback_of(answer.response, url)) return setback;
  const int status = answer.response.status;
  if (status == 416) {  // nothing behind `offset`: what is here is not a beginning of the file
    restart();
    return Setback{{ErrorKind::kModel, "the server cannot resume the file", url, "pull again"}, std::nullopt};
  }
  if (status != 200 && status != 206) throw_refusal(answer.response, answer.from_hub, asked(repository, url));
  if (!begun) begin(answer.response);
  return std::nullopt;
}

}  // namespace kiloword
