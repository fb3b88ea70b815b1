#include "models/hub_answer.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/models/hub_names.h"

namespace kiloword {
namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 40;

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

bool may_pass(int status) {
  return status == 408 || status == 429 || status >= 500;
}

std::optional<std::chrono::milliseconds> asked_wait(const HttpResponse& response) {
  constexpr uint64_t kMaxSeconds = 86400;
  const std::optional<uint64_t> seconds = parse_number(response.header("retry-after"));
  if (!seconds) return std::nullopt;
  return std::chrono::milliseconds(1000 * static_cast<int64_t>(std::min(*seconds, kMaxSeconds)));
}

}  // namespace

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_web_page(const HttpResponse& response) {
  return response.header("content-type").rfind("text/html", 0) == 0;
}

Error web_page_error(const std::string& place) {
  return {ErrorKind::kModel, "the server answers with a web page instead of the file", place,
          "check whether the network asks for a login, and check HF_ENDPOINT"};
}

std::optional<uint64_t> content_length(const HttpResponse& response) {
  return parse_number(response.header("content-length"));
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  if (text.substr(0, kUnit.size()) != kUnit) return std::nullopt;
  text.remove_prefix(kUnit.size());
  const size_t dash = text.find('-');
  const size_t slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos) return std::nullopt;
  const auto begin = parse_number(text.substr(0, dash));
  const auto whole = parse_number(text.substr(slash + 1));
  if (!begin || !whole) return std::nullopt;
  return ContentRange{*begin, *whole};
}

FileFacts read_facts(const HubAnswer& answer, const std::string& place) {
  const HttpResponse& response = answer.hub_response;
  if (answer.commit.empty() && is_web_page(response)) throw web_page_error(place);
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorKind::kModel, "the answer of the server " + what, place,
                "check that HF_ENDPOINT is the address of a hub");
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
  if (!bytes || *bytes > kMaxFileBytes) fail("does not say how long the file is");
  facts.size_bytes = *bytes;
  return facts;
}

std::optional<Setback> setback_of(const HttpResponse& response, const std::string& place) {
  switch (response.end) {
    case TransferEnd::kUnreachable:
      return Setback{{ErrorKind::kModel, "cannot reach the server: " + response.failure, place,
                      "check the network, and pull again"},
                     std::nullopt};
    case TransferEnd::kUntrusted:
      throw Error(ErrorKind::kModel, "the server's certificate cannot be trusted: " + response.failure, place,
                  "check the clock, the package ca-certificates, and proxies on the way");
    case TransferEnd::kCut:
      return Setback{{ErrorKind::kModel, "the transfer was interrupted: " + response.failure, place,
                      "pull again to resume it"},
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

void throw_refusal(const HttpResponse& response, bool from_hub, const Asked& asked) {
  const std::string code = response.header("x-error-code");
  const std::string page = asked.repository_page;
  if (!from_hub) {
    throw Error(ErrorKind::kModel,
                "the host that stores the file refuses it (" + std::to_string(response.status) + ")",
                asked.place, "try again later");
  }
  if (code == "RevisionNotFound") {
    throw Error(ErrorKind::kModel, "the repository has no such revision", asked.place, "see " + page);
  }
  if (response.status == 401 && code != "GatedRepo") {
    throw Error(ErrorKind::kModel, "no such repository, or it needs a token", asked.place,
                !asked.with_token ? "check its name; for a private one set HF_TOKEN"
                                  : "the token in use does not open it");
  }
  if (response.status == 401 || response.status == 403) {
    throw Error(ErrorKind::kModel, "access to the repository is refused", asked.place,
                "accept its conditions at " + page + " and set HF_TOKEN to a token of yours");
  }
  if (response.status == 404) {
    throw Error(ErrorKind::kModel, "no such repository", asked.place, "check its name");
  }
  throw Error(ErrorKind::kModel, "unexpected answer " + std::to_string(response.status) + " of the server",
              asked.place, "check HF_ENDPOINT");
}

}  // namespace kiloword
