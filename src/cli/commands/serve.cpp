#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "cli/calibration_store.h"
#include "cli/commands/commands.h"
#include "cli/example_store.h"
#include "cli/session.h"
#include "kiloword/base/byte_order_mark.h"
#include "kiloword/base/file.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/paths.h"
#include "kiloword/serve/http_frontend.h"

namespace kiloword::cli {
namespace {

/// Networks below this size use one core for a call whatever they may: several calls at once use all. Larger
/// ones are faster with all cores in one call.
constexpr uint64_t kManyCallsBytes = uint64_t{64} << 20U;

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

bool takes_many_calls(const LoadedModel& model) {
  uint64_t bytes = 0;
  for (const ModelFile& file : model.entry.files) bytes += file.size_bytes;
  return bytes > 0 && bytes < kManyCallsBytes && model.encoder->device() == "cpu";
}

ImageQueueOptions queue_options(const ServeArguments& arguments, const LoadedModel& model) {
  ImageQueueOptions options;
  options.workers = thread_count(arguments.model.compute.threads);
  options.encoder_calls = takes_many_calls(model) ? options.workers : 1;
  options.images_per_call = static_cast<size_t>(arguments.batch_size);
  options.capacity = static_cast<size_t>(arguments.queue);
  options.limits = arguments.limits;
  options.preparation.reader = text_reader(arguments.reading);
  return options;
}

ServiceOptions service_options(const ServeArguments& arguments, const std::string& token) {
  ServiceOptions options;
  options.captions = arguments.statements;
  options.captions.labels.clear();  // a request that names none gets the server's
  options.limits.max_tokens = arguments.max_tokens;
  options.decoding = arguments.limits;
  options.token = token;
  options.only_loopback = token.empty() && arguments.socket.empty();
  options.request_timeout = milliseconds(arguments.request_timeout_s);
  return options;
}

HttpOptions http_options(const ServeArguments& arguments, const std::string& token, Console& console,
                         std::mutex& console_mutex) {
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
  options.warn = [&](const std::string& line) {
    const std::lock_guard<std::mutex> lock(console_mutex);
    console.warning(line);
  };
  if (console.options().verbose) {
    options.log = [&](const std::string& line) {
      const std::lock_guard<std::mutex> lock(console_mutex);
      console.detail(line);
    };
  }
  return options;
}

}  // namespace

int run_serve(const ServeArguments& arguments, Console& console) {
  const std::string token = token_of(arguments);
  std::mutex console_mutex;
  const HttpOptions http = http_options(arguments, token, console, console_mutex);
  LoadedLanguageModel language_model;
  if (arguments.language_model != "none") {
    language_model = load_language_model(arguments.language_model, arguments.model.compute, console);
  }
  const LoadedModel model = load_model(arguments.model, console);
  FairTurns text_turns(static_cast<size_t>(arguments.descriptions));
  ImageQueue images(*model.encoder, queue_options(arguments, model));
  const std::vector<std::string>& chosen = arguments.statements.labels;
  const std::filesystem::path cache = cache_directory();
  LabelBanks labels({data_directory() / "labels", cache.empty() ? cache : cache / "labels",
                     chosen.empty() ? model.entry.default_labels : chosen,
                     [&](LabelBank& bank) {
                       const std::lock_guard<std::mutex> lock(console_mutex);
                       apply_calibrations(bank, model, RankRule::kCalibrated, console);
                     },
                     [&](std::vector<ChosenLabelSet>& sets) {
                       const std::lock_guard<std::mutex> lock(console_mutex);
                       attach_examples(sets, model, console);
                     }},
                    *model.encoder, text_turns);
  Service service({model.encoder.get(), model.entry.name, language_model.model.get(),
                   language_model.entry.name, language_model.entry.prompt},
                  images, labels, text_turns, service_options(arguments, token));
  drain_on_first_interrupt();
  HttpFrontend frontend(service, http);
  console.note("listening on " + frontend.address());
  while (!interrupt_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  console.note("finishing what has begun");
  frontend.stop();
  return 0;
}

}  // namespace kiloword::cli
