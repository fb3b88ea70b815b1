#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "cli/commands/commands.h"
#include "cli/input/open_engine.h"
#include "cli/output/task_report.h"
#include "kiloword/base/byte_order_mark.h"
#include "kiloword/base/file.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/paths.h"
#include "kiloword/pipeline/caption_pipeline.h"
#include "kiloword/search/sentence_bank.h"
#include "kiloword/serve/http_frontend.h"
#include "kiloword/serve/service_manager.h"

namespace kiloword::cli {
namespace {

constexpr uint64_t kMaxTokenFileBytes = 4096;

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(1000 * seconds));
}

/// The one line of a token file, or the variable's value, without what editors leave around it.
std::string checked_token(std::string token, const std::string& where) {
  constexpr const char* kBlanks = " \t\r\n";
  token = std::string(without_byte_order_mark(token));
  const size_t begin = std::min(token.find_first_not_of(kBlanks), token.size());
  token.erase(0, begin);
  token.erase(token.find_last_not_of(kBlanks) + 1);
  if (token.empty())
    throw Error(ErrorKind::kUsage, "the token is empty", where, "write a long random word into it");
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7F; };
  if (std::any_of(token.begin(), token.end(), is_control)) {
    throw Error(ErrorKind::kUsage, "the token has several lines or control characters", where,
                "write one long random word into it");
  }
  return token;
}

std::string token_of(const ServeArguments& arguments) {
  if (!arguments.token_file.empty()) {
    return checked_token(read_file(arguments.token_file, kMaxTokenFileBytes, ErrorKind::kUsage),
                         arguments.token_file);
  }
  const char* set = std::getenv("KILOWORD_TOKEN");
  return set == nullptr ? "" : checked_token(set, "KILOWORD_TOKEN");
}

ImageQueueOptions queue_options(const ServeArguments& arguments, const EngineParts& engine) {
  const EncodeQueueOptions queue = engine.encoding().queue;
  ImageQueueOptions options;
  options.workers = queue.workers;
  options.encoder_calls = queue.calls;
  options.memory_bytes = queue.memory_bytes;
  options.images_per_call = static_cast<size_t>(arguments.batch_size);
  options.capacity = static_cast<size_t>(arguments.queue);
  options.limits = arguments.limits;
  return options;
}

ServiceOptions service_options(const ServeArguments& arguments, const std::string& token,
                               bool is_unix_socket) {
  ServiceOptions options;
  options.captions = arguments.statements;
  options.captions.labels.clear();  // a request that names none gets the server's
  options.limits.max_tokens = arguments.max_tokens;
  options.decoding = arguments.limits;
  options.reader = text_reader(arguments.reading);
  options.token = token;
  options.only_loopback = token.empty() && !is_unix_socket;
  options.request_timeout = milliseconds(arguments.request_timeout_s);
  options.search_threads = arguments.model.compute.threads;
  return options;
}

void log(const AnsweredRequest& request, Console& console) {
  constexpr double kMillisecond = 1e-3;
  console.detail(log_line(request),
                 nlohmann::ordered_json{{"method", request.method},
                                        {"path", request.path},
                                        {"status", request.status},
                                        {"ms", std::llround(request.seconds / kMillisecond)}});
}

HttpOptions http_options(const ServeArguments& arguments, const std::string& token, Console& console) {
  HttpOptions options;
  options.host = arguments.host;
  options.port = arguments.port;
  options.socket_path = arguments.socket;
  options.may_leave_machine = !token.empty();
  options.connections = static_cast<size_t>(arguments.connections);
  options.max_body_bytes = static_cast<size_t>(arguments.max_body_mib) << 20U;
  constexpr size_t kMostCost = 6;  // of a byte, so that one request of the largest size always fits
  options.max_bodies_bytes = std::max(options.max_bodies_bytes, kMostCost * options.max_body_bytes);
  options.receive_timeout = milliseconds(arguments.receive_timeout_s);
  options.warn = [&console](const std::string& line) { console.warning(line); };
  if (console.options().verbose)
    options.log = [&console](const AnsweredRequest& request) { log(request, console); };
  return options;
}

/// Tells clients and the service manager what is waited for, as the person at the terminal is told.
class StartObserver : public Observer {
 public:
  StartObserver(Console& console, Service& service) : console_(console), service_(service) {}

  void warning(const std::string& text) override { console_.warning(text); }
  void note(const std::string& text) override { console_.note(text); }
  void detail(const std::string& text) override { console_.detail(text); }
  void progress(const std::string& task, int64_t done, int64_t total) override {
    console_.progress(task, done, total);
    if (is_ready_) return;
    constexpr double kLongest_s = 60;  // a rate may rise
    const double left_s = report_.seconds_left(done, total).value_or(1);
    const std::string text = report_.text(task, done, total);
    service_.loading(text, static_cast<int>(std::clamp(left_s, 1.0, kLongest_s)));
    notify_service_manager("STATUS=loading: " + text);
  }
  void progress_ended() override { console_.progress_ended(); }

  /// What is told from now on concerns single requests.
  void ready() { is_ready_ = true; }

 private:
  Console& console_;
  Service& service_;
  std::atomic<bool> is_ready_{false};
  TaskReport report_;
};

/// What requests are answered with.
class LoadedServer {
 public:
  LoadedServer(const ServeArguments& arguments, Console& console, Observer& observer)
      : engine_(open_engine(arguments.model, arguments.limits, /*many_images=*/false, console,
                            arguments.language_model == "none" || arguments.engine == "coca"
                                ? ""
                                : arguments.language_model)),
        text_turns_(static_cast<size_t>(arguments.descriptions)),
        images_(*model().encoder, queue_options(arguments, engine_.parts())),
        labels_(
            {data_directory() / "labels",
             arguments.statements.labels.empty() ? model().entry.default_labels : arguments.statements.labels,
             [this, &observer](const std::vector<std::string>& names) {
               return open_label_bank(names, model(), RankRule::kCalibrated, observer);
             }},
            text_turns_) {
    if (!arguments.bank_file.empty()) {
      bank_.emplace(arguments.bank_file, *model().encoder, cache_directory() / "banks", observer);
    }
    if (arguments.engine == "coca") writer_ = &engine_.parts().description_model();
    if (!arguments.rerank.empty()) {
      other_model_ = engine_.parts().other_model(arguments.rerank);
      reranker_.emplace(*other_model_->encoder, other_model_->entry.name);
    }
    if (arguments.index_files.empty()) return;
    search_.emplace(arguments.index_files);
    search_->current()->require_fingerprint(model().encoder->fingerprint());
  }

  ServiceParts parts() {
    const LoadedLanguageModel& language_model = engine_.parts().language_model;
    const std::string& writes = writer_ == nullptr ? language_model.entry.name : model().entry.name;
    return {{model().encoder.get(), model().entry.name, language_model.model.get(), writes,
             language_model.entry.prompt, writer_, reranker_ ? &*reranker_ : nullptr},
            &images_,
            &labels_,
            &text_turns_,
            search_ ? &*search_ : nullptr,
            bank_ ? &*bank_ : nullptr};
  }

 private:
  const LoadedModel& model() const { return engine_.parts().model; }

  Engine engine_;
  DescriptionModel* writer_ = nullptr;  ///< null: a language model writes, if anything
  std::shared_ptr<const LoadedModel> other_model_;
  std::optional<Reranker> reranker_;
  FairTurns text_turns_;
  ImageQueue images_;
  LabelBanks labels_;
  std::optional<LiveSearch> search_;
  std::optional<SentenceBank> bank_;
};

}  // namespace

int run_serve(const ServeArguments& arguments, Console& console) {
  if (!arguments.bank_file.empty() && arguments.language_model == "none") {
    throw Error(ErrorKind::kUsage, "--bank needs descriptions, which --lm none turns off", "--bank",
                "leave out one of them");
  }
  if (!arguments.rerank.empty() && arguments.engine != "coca") {
    throw Error(ErrorKind::kUsage, "applies only to descriptions by a CoCa model", "--rerank",
                "leave it out, or serve with --engine coca");
  }
  if (arguments.log_format == "json") console.write_json();
  const std::optional<InheritedSocket> inherited = inherited_socket();
  const bool is_unix_socket = inherited ? inherited->is_unix : !arguments.socket.empty();
  const std::string token = token_of(arguments);
  HttpOptions http = http_options(arguments, token, console);
  if (inherited) http.inherited_socket = inherited->descriptor;

  std::optional<LoadedServer> server;  // outlives what answers with it
  Service service(service_options(arguments, token, is_unix_socket));
  HttpFrontend frontend(service, http);
  StartObserver observer(console, service);
  console.note("answers 503 on " + frontend.address() + " until its models are loaded");
  server.emplace(arguments, console, observer);
  observer.ready();
  service.ready(server->parts());
  console.note("listening on " + frontend.address());
  notify_service_manager("READY=1\nSTATUS=listening on " + frontend.address());
  drain_on_first_interrupt();
  while (!interrupt_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  notify_service_manager("STOPPING=1\nSTATUS=finishing requests in progress");
  console.note("finishing requests in progress");
  frontend.stop();
  return 0;
}

}  // namespace kiloword::cli
