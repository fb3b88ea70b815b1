#include "serve/replies.h"

#include <chrono>
#include <cmath>
#include <utility>

#include "kiloword/caption/sentence.h"
#include "kiloword/serve/refusal.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;

int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

double four_decimals(double value) {
  return std::round(value * 1e4) / 1e4;
}

Json chat_head(const std::string& id, const char* object, const std::string& model) {
  Json json;
  json["id"] = id;
  json["object"] = object;
  json["created"] = unix_seconds();
  json["model"] = model;
  return json;
}

}  // namespace

std::string dump_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ServiceReply json_reply(std::string body, int status) {
  ServiceReply reply;
  reply.status = status;
  reply.body = std::move(body) + "\n";
  return reply;
}

int status_of(const Error& error) {
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) return refusal->status();
  if (error.kind() == ErrorKind::kUsage) return 400;
  return error.kind() == ErrorKind::kInput ? 422 : 500;
}

std::string error_body(const Error& error) {
  const int status = status_of(error);
  Json json;
  json["kind"] = error_kind_name(error.kind());
  json["message"] = error.message();
  if (error.kind() == ErrorKind::kUsage || error.kind() == ErrorKind::kBusy) {
    if (!error.where().empty()) json["where"] = error.where();
    if (!error.remedy().empty()) json["remedy"] = error.remedy();
  }
  json["type"] = status < 500 ? "invalid_request_error" : "server_error";
  Json body;
  body["status"] = "error";
  body["error"] = std::move(json);
  return dump_line(body);
}

ServiceReply error_reply(const Error& error) {
  ServiceReply reply = json_reply(error_body(error), status_of(error));
  if (reply.status == 503) reply.headers.emplace_back("Retry-After", "1");
  if (reply.status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

std::string server_sent_event(const std::string& event, const std::string& json) {
  return (event.empty() ? "" : "event: " + event + "\n") + "data: " + json + "\n\n";
}

std::string step_json(const SearchView& view) {
  Json json;
  json["step"] = view.step;
  json["text"] = neutralize(view.text);
  json["settled"] = neutralize(view.settled);
  json["candidates"] = Json::array();
  for (const ViewedCandidate& candidate : view.candidates) {
    json["candidates"].push_back({{"text", neutralize(candidate.text)},
                                  {"logprob", four_decimals(candidate.logprob)},
                                  {"cosine", four_decimals(candidate.cosine)},
                                  {"value", four_decimals(candidate.value)}});
  }
  return dump_line(json);
}

std::string chat_completion(const std::string& id, const std::string& model, const std::string& text,
                            const char* finish_reason, size_t tokens) {
  Json json = chat_head(id, "chat.completion", model);
  Json choice;
  choice["index"] = 0;
  choice["message"] = {{"role", "assistant"}, {"content", text}};
  choice["finish_reason"] = finish_reason;
  json["choices"] = Json::array({choice});
  json["usage"] = {{"prompt_tokens", 0}, {"completion_tokens", tokens}, {"total_tokens", tokens}};
  return dump_line(json);
}

std::string chat_chunk(const std::string& id, const std::string& model, const std::string& text,
                       const char* finish_reason) {
  Json json = chat_head(id, "chat.completion.chunk", model);
  Json choice;
  choice["index"] = 0;
  choice["delta"] = Json::object();
  if (finish_reason == nullptr) choice["delta"] = {{"role", "assistant"}, {"content", text}};
  choice["finish_reason"] = finish_reason == nullptr ? Json() : Json(finish_reason);
  json["choices"] = Json::array({choice});
  return dump_line(json);
}

}  // namespace kiloword
