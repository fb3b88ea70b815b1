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

/// The protocol of the hub: GET and HEAD {endpoint}/{repository}/resolve/{revision}/{file}. Everything a
/// server says is checked; the token goes to the endpoint's own host only.
class HubClient {
 public:
  HubClient(const HubSettings& settings, const TransferLimits& limits, RetryPolicy policy,
            std::function<bool()> stop, RetryNotice notice);

  /// What the hub says of a file; none where the repository has no such file. Tries again what may pass.
  /// Throws Error(kModel), PullStopped.
  std::optional<FileFacts> facts(const std::string& repository, const std::string& revision,
                                 const std::string& file);

  /// One attempt at the bytes of a file from `offset` on. `receive` gets them; `restart` is called before
  /// the first when the server begins at 0 instead. None when the server said all it wanted to say. Throws
  /// Error(kModel), PullStopped, and what the callbacks throw.
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
