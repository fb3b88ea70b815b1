#include <algorithm>
#include <chrono>
#include <cstdlib>
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
#include "kiloword/serve/http_frontend.h"

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
    throw Error(ErrorKind::kUsage, "the token is empty", where, "put a long random word there");
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7F; };
  if (std::any_of(token.begin(), token.end(), is_control)) {
    throw Error(ErrorKind::kUsage, "the token has several lines or control characters", where,
                "put one long random word there");
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

ServiceOptions service_options(const ServeArguments& arguments, const std::string& token) {
  ServiceOptions options;
  options.captions = arguments.statements;
  options.captions.labels.clear();  // a request that names none gets the server's
  options.limits.max_tokens = arguments.max_tokens;
  options.decoding = arguments.limits;
  options.reader = text_reader(arguments.reading);
  options.token = token;
  options.only_loopback = token.empty() && arguments.socket.empty();
  options.request_timeout = milliseconds(arguments.request_timeout_s);
  return options;
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
  if (console.options().verbose) options.log = [&console](const std::string& line) { console.detail(line); };
  return options;
}

/// Tells clients what is waited for, as the person at the terminal is told.
class StartObserver : public Observer {
 public:
  explicit StartObserver(Console& console) : console_(console) {}

  /// From now on `service`, which answers at `address`, hears what is waited for; null: none.
  void tell(Service* service, const std::string& address) {
    service_ = service;
    address_ = address;
  }

  void warning(const std::string& text) override { console_.warning(text); }
  void note(const std::string& text) override { console_.note(text); }
  void detail(const std::string& text) override { console_.detail(text); }
  void progress(const std::string& task, int64_t done, int64_t total) override {
    console_.progress(task, done, total);
    if (service_ == nullptr) return;
    if (!address_.empty()) console_.note("answers 503 on " + address_ + " until its label sets are ready");
    address_.clear();
    constexpr double kLongest_s = 60;  // a rate may rise
    const double left_s = report_.seconds_left(done, total).value_or(1);
    service_->starting(report_.text(task, done, total),
                       static_cast<int>(std::clamp(left_s, 1.0, kLongest_s)));
  }
  void progress_ended() override { console_.progress_ended(); }

 private:
  Console& console_;
  Service* service_ = nullptr;
  std::string address_;  // where it has not been said yet
  TaskReport report_;
};

}  // namespace

int run_serve(const ServeArguments& arguments, Console& console) {
  const std::string token = token_of(arguments);
  const HttpOptions http = http_options(arguments, token, console);
  const bool describes = arguments.language_model != "none";
  const Engine engine = open_engine(arguments.model, arguments.limits, /*many_images=*/false, console,
                                    describes ? arguments.language_model : "");
  const EngineParts& parts = engine.parts();
  const LoadedModel& model = parts.model;
  FairTurns text_turns(static_cast<size_t>(arguments.descriptions));
  ImageQueue images(*model.encoder, queue_options(arguments, parts));
  const std::vector<std::string>& chosen = arguments.statements.labels;
  StartObserver observer(console);
  LabelBanks labels({data_directory() / "labels", chosen.empty() ? model.entry.default_labels : chosen,
                     [&](const std::vector<std::string>& names) {
                       return open_label_bank(names, model, RankRule::kCalibrated, observer);
                     }},
                    text_turns, LabelBanks::DefaultSets::kLater);
  Service service({model.encoder.get(), model.entry.name, parts.language_model.model.get(),
                   parts.language_model.entry.name, parts.language_model.entry.prompt},
                  images, labels, text_turns, service_options(arguments, token));
  service.starting("the server is starting", 1);
  HttpFrontend frontend(service, http);
  observer.tell(&service, frontend.address());
  labels.open_default();
  observer.tell(nullptr, "");
  service.ready();
  console.note("listening on " + frontend.address());
  drain_on_first_interrupt();
  while (!interrupt_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  console.note("finishing what has begun");
  frontend.stop();
  return 0;
}

}  // namespace kiloword::cli
