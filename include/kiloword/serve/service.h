#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiloword/model/description_model.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"
#include "kiloword/pipeline/caption_pipeline.h"
#include "kiloword/pipeline/description_pipeline.h"
#include "kiloword/pipeline/sentence_source.h"
#include "kiloword/search/live_search.h"
#include "kiloword/serve/fair_turns.h"
#include "kiloword/serve/image_queue.h"
#include "kiloword/serve/label_banks.h"
#include "kiloword/serve/metrics.h"
#include "kiloword/serve/request.h"

namespace kiloword {

/// The parts of a request's head that the service uses.
struct ServiceHead {
  std::string method;
  std::string path;
  std::string authorization;
  std::string host;
  std::string origin;  ///< empty: not sent by a web page
  std::string accept;
};

/// Sends a piece of an answer; false if the client has disconnected.
using SendPiece = std::function<bool(std::string_view piece)>;

struct ServiceReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// If set, sends the body; does not throw.
  std::function<void(const SendPiece&)> stream;
};

struct ServiceOptions {
  StatementChoices captions;                           ///< defaults for requests
  DecodeLimits decoding;                               ///< of the image queue
  std::shared_ptr<const TextReader> reader = nullptr;  ///< reads text in captioned images; null: not read
  RequestLimits limits;
  std::string token;          ///< the bearer token that clients must send; empty: none
  bool only_loopback = true;  ///< refuse requests whose Host is a name other than localhost, against DNS
                              ///< rebinding
  std::chrono::milliseconds request_timeout{60'000};
  int search_threads = 0;  ///< threads that scan an index; 0: all cores
};

/// The networks of a server; they must outlive the service.
struct ServiceModels {
  ImageTextEncoder* encoder = nullptr;
  std::string model_name;
  LanguageModel* language_model = nullptr;  ///< null: no descriptions
  std::string language_model_name;
  std::optional<std::string> prompt;   ///< that the language model declares, if any
  DescriptionModel* writer = nullptr;  ///< the encoder's own decoder; null: none
  const Reranker* reranker = nullptr;  ///< for texts of `writer`; null: none

  bool describes() const { return language_model != nullptr || writer != nullptr; }
};

/// What the service uses to answer; everything pointed to must outlive the service, or its last answer.
struct ServiceParts {
  ServiceModels models;
  ImageQueue* images = nullptr;
  LabelBanks* labels = nullptr;
  FairTurns* text_turns = nullptr;            ///< for the texts of both networks
  LiveSearch* search = nullptr;               ///< null: no index
  const SentenceSource* sentences = nullptr;  ///< tried before the search; null: none
};

/// Computes the server's answers; independent of sockets. Thread-safe.
class Service {
 public:
  /// The service is loading until ready() is called.
  explicit Service(ServiceOptions options);

  /// The reply to a request that is refused before its body is read: an unknown path, a wrong method, a
  /// missing token.
  std::optional<ServiceReply> refuse(const ServiceHead& head) const;

  /// The answer to a request that was not refused. `client_waits` returns whether the client is still
  /// connected. Does not throw: errors become replies.
  ServiceReply answer(const ServiceHead& head, RequestBody&& request,
                      const std::function<bool()>& client_waits);

  /// Until ready() is called, requests for anything but the page, the metrics and /livez are answered 503
  /// with "loading: `what`" and a Retry-After of `seconds`.
  void loading(const std::string& what, int seconds);
  /// From now on, answers requests with `parts`. Call once.
  void ready(const ServiceParts& parts);

  /// Counts an answer that has been sent.
  void count(const ServiceHead& head, int status, double seconds);

  /// From now on, answers /readyz with 503, so that load balancers send no further requests.
  void drain() { draining_ = true; }

  /// The reply for an error outside any handler.
  static ServiceReply error_reply(int status, ErrorKind kind, const std::string& message,
                                  const std::string& remedy = "");

 private:
  struct PendingDescription;
  struct Chat;
  struct ChatFinish {
    const char* reason;
    size_t tokens;
  };

  ServiceReply route(const ServiceHead& head, RequestBody&& request,
                     const std::function<bool()>& client_waits);
  ServiceReply caption(RequestBody&& request);
  ServiceReply describe(const ServiceHead& head, RequestBody&& request,
                        const std::function<bool()>& client_waits);
  ServiceReply run(RequestBody&& request);
  ServiceReply score(RequestBody&& request);
  ServiceReply embed(RequestBody&& request);
  ServiceReply search(RequestBody&& request);
  /// Sends the records with thumbnails, one by one. Does not throw.
  void send_matches(const std::vector<FoundImage>& images, int thumbnail_px, Deadline deadline,
                    const SendPiece& send);
  ServiceReply chat(RequestBody&& request, const std::function<bool()>& client_waits);
  CaptionPipeline caption_pipeline(const StatementChoices& choices, const LabelBank& bank) const;
  CaptionRecord caption_record(CaptionRequest&& request, Deadline deadline);
  /// Whether the encoder's own decoder writes. Throws Refusal if the server lacks what `choices` ask for.
  bool encoder_writes(const GuidedChoices& choices) const;
  PendingDescription begin_description(DescribeRequest&& request, Deadline deadline);
  /// Writes the description; `see` may be empty, and is called while other threads have the turn.
  DescriptionRecord write(const PendingDescription& pending, Deadline deadline,
                          const std::function<bool()>& client_waits, const SearchObserver& see);
  /// Sends the text through `say` piece by piece, as it becomes final.
  ChatFinish write_chat(const Chat& chat, const SendPiece& say);
  Deadline deadline() const { return std::chrono::steady_clock::now() + options_.request_timeout; }
  std::vector<std::string> model_ids() const;
  std::string models_json() const;
  std::string model_json(std::string_view id) const;
  std::string labels_json() const;
  std::string metrics_text() const;

  ServiceOptions options_;
  ServiceParts parts_;  ///< set by ready() under start_mutex_; not used before
  Metrics metrics_;
  std::atomic<bool> draining_{false};
  struct Loading {
    std::string what;
    int seconds;
  };
  mutable std::mutex start_mutex_;
  std::optional<Loading> loading_ = Loading{"the models", 1};  ///< none: ready
};

}  // namespace kiloword
