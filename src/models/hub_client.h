#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/models/hub_settings.h"
#include "models/http_session.h"
#include "models/hub_answer.h"
#include "models/retry.h"

namespace kiloword {

/// The protocol of the hub: GET and HEAD {endpoint}/{repository}/resolve/{revision}/{file}. Validates all
/// responses; sends the token only to the endpoint's own host.
class HubClient {
 public:
  HubClient(const HubSettings& settings, const TransferLimits& limits, RetryPolicy policy,
            std::function<bool()> stop, RetryNotice notice);

  /// A file's metadata; none if the repository has no such file. Retries temporary failures. Throws
  /// Error(kModel), PullStopped.
  std::optional<FileFacts> facts(const std::string& repository, const std::string& revision,
                                 const std::string& file);

  /// One attempt to download a file from `offset` on. Passes its bytes to `receive`, after calling `restart`
  /// if the server begins at 0 instead. None if the response is complete. Throws Error(kModel), PullStopped,
  /// and what the callbacks throw.
  std::optional<Setback> fetch(const std::string& repository, const FileFacts& facts, const std::string& file,
                               uint64_t offset, const std::function<void()>& restart,
                               const std::function<void(std::string_view)>& receive);

  void retry(const std::function<std::optional<Setback>()>& attempt) {
    with_retries(policy_, stop_, notice_, attempt);
  }
  const std::function<bool()>& stop() const { return stop_; }

 private:
  std::string file_url(const std::string& repository, const std::string& revision,
                       const std::string& file) const;
  HubAnswer ask(HttpRequest request, bool follow_to_other_hosts, const HttpSession::BodyReceiver& receive);
  Asked asked(const std::string& repository, const std::string& url) const;

  HubSettings settings_;
  std::string origin_;
  RetryPolicy policy_;
  std::function<bool()> stop_;
  RetryNotice notice_;
  HttpSession session_;
};

}  // namespace kiloword
