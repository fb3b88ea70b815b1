#include "cli/remote/remote_inputs.h"

#include <cstdlib>
#include <exception>
#include <nlohmann/json.hpp>

#include "cli/input/inputs.h"
#include "kiloword/base/ahead.h"
#include "kiloword/base/utf8.h"
#include "kiloword/pipeline/image_bytes.h"
#include "kiloword/pipeline/record.h"

namespace kiloword::cli {
namespace {

using nlohmann::json;

constexpr size_t kRequestsAtOnce = 8;  // what a server encodes in one call

constexpr int kOk = 200;
constexpr int kUnauthorized = 401;
constexpr int kTimedOut = 408;
constexpr int kTooLarge = 413;
constexpr int kUnusableImage = 422;
constexpr int kTooLate = 504;

/// The error that the body of an answer tells.
Error told_error(const ServerAnswer& answer, const std::string& address) {
  const json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !body.contains("error") || !body["error"].is_object()) {
    return Error(ErrorKind::kModel,
                 "not a response of kiloword (status " + std::to_string(answer.status) + ")", address,
                 "check the address");
  }
  const json& error = body["error"];
  const auto text = [&error](const char* key) {
    return error.contains(key) && error[key].is_string() ? error[key].get<std::string>() : std::string();
  };
  const std::string remedy = answer.remedy.empty() ? text("remedy") : answer.remedy;
  return Error(error_kind(text("kind")), text("message"), text("where"), remedy);
}

RemoteResult failed(const std::string& path, const Error& error) {
  return {path, error_json(path, error), error};
}

/// Whether an answer is about its image and not about all requests like it.
bool is_about_the_image(int status) {
  return status == kUnusableImage || status == kTooLarge || status == kTimedOut || status == kTooLate;
}

/// A result, or what ends the run.
struct Asked {
  RemoteResult result;
  std::exception_ptr fatal;
};

}  // namespace

ServerClient make_client(const std::string& address) {
  const char* token = std::getenv("KILOWORD_TOKEN");
  const char* set = std::getenv("KILOWORD_SERVER");
  const bool by_environment = set != nullptr && address == set;
  return ServerClient(address, token == nullptr ? "" : token,
                      by_environment ? "unset KILOWORD_SERVER" : "leave out --server");
}

void throw_refusal(const ServerAnswer& answer, const std::string& address) {
  const Error error = told_error(answer, address);
  const std::string remedy =
      answer.status == kUnauthorized ? "set KILOWORD_TOKEN to the server's" : error.remedy();
  throw Error(error.kind(), error.message(), error.where().empty() ? address : error.where(), remedy);
}

RemoteResult result_of(const ServerAnswer& answer, const std::string& path, const std::string& address) {
  if (is_about_the_image(answer.status)) {
    const Error error = told_error(answer, address);
    if (error.kind() == ErrorKind::kModel) throw Error(error);
    return failed(path, Error(ErrorKind::kInput, error.message(), input_name(path), error.remedy()));
  }
  if (answer.status != kOk) throw_refusal(answer, address);
  std::string record = answer.body;
  while (!record.empty() && record.back() == '\n') record.pop_back();
  const bool is_line = record.find('\n') == std::string::npos && json::accept(record);
  if (!is_line)
    throw Error(ErrorKind::kModel, "the server's response is not a record", address, "check the address");
  return {path, with_path(record, path), std::nullopt};
}

void tell_warnings(const std::string& record, std::set<std::string>& told, Console& console) {
  if (record.find("\"warnings\"") == std::string::npos) return;  // nearly always
  const json parsed = json::parse(record, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object() || !parsed.contains("warnings") || !parsed["warnings"].is_array()) return;
  for (const json& warning : parsed["warnings"]) {
    if (!warning.is_string() || !told.insert(warning.get<std::string>()).second) continue;
    console.warning(printable(warning.get_ref<const std::string&>()));
  }
}

int for_each_remote_result(const ServerClient& client, const std::string& endpoint,
                           const RequestFields& fields, const InputOptions& inputs, Console& console,
                           const std::function<void(const RemoteResult&)>& use) {
  const auto ask = [&](const std::string& path) -> Asked {
    try {
      const std::string image = input_content(path, inputs);
      return {result_of(client.post(endpoint, fields, image), path, client.address()), nullptr};
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kInput) return {failed(path, error.at(input_name(path))), nullptr};
      return {{}, std::current_exception()};
    } catch (...) {
      return {{}, std::current_exception()};
    }
  };
  bool some_failed = false;
  std::set<std::string> told;
  for_each_made_ahead(collect_inputs(inputs), kRequestsAtOnce, ask, [&](const Asked& asked) {
    if (asked.fatal) std::rethrow_exception(asked.fatal);
    if (asked.result.error) {
      some_failed = true;
      console.error(*asked.result.error);
    }
    tell_warnings(asked.result.record, told, console);
    use(asked.result);
  });
  return some_failed ? 1 : 0;
}

}  // namespace kiloword::cli
