#include "serve/replies.h"

#include <chrono>
#include <cmath>
#include <iomanip>
#include <random>
#include <sstream>
#include <utility>

#include "kiloword/pipeline/sentence.h"
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

Json head_json(const ChatHead& head, const char* object) {
  Json json;
  json["id"] = head.id;
  json["object"] = object;
  json["created"] = head.created;
  json["model"] = head.model;
  return json;
}

Json usage_json(size_t tokens) {
  return {{"prompt_tokens", 0}, {"completion_tokens", tokens}, {"total_tokens", tokens}};
}

std::string chunk(const ChatHead& head, Json delta, const char* finish_reason) {
  Json choice;
  choice["index"] = 0;
  choice["delta"] = std::move(delta);
  choice["finish_reason"] = finish_reason == nullptr ? Json() : Json(finish_reason);
  Json json = head_json(head, "chat.completion.chunk");
  json["choices"] = Json::array({choice});
  return dump_line(json);
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

ChatHead new_chat_head(const std::string& model) {
  std::random_device random;
  std::ostringstream id;
  id << "chatcmpl-" << std::hex << std::setfill('0');
  for (int i = 0; i < 4; ++i) id << std::setw(8) << random();
  return {id.str(), model, unix_seconds()};
}

std::string chat_completion(const ChatHead& head, const std::string& text, const char* finish_reason,
                            size_t tokens) {
  Json choice;
  choice["index"] = 0;
  choice["message"] = {{"role", "assistant"}, {"content", text}};
  choice["finish_reason"] = finish_reason;
  Json json = head_json(head, "chat.completion");
  json["choices"] = Json::array({choice});
  json["usage"] = usage_json(tokens);
  return dump_line(json);
}

std::string chat_chunk(const ChatHead& head, const std::string& text, bool is_first) {
  Json delta = Json::object();
  if (is_first) delta["role"] = "assistant";
  delta["content"] = text;
  return chunk(head, std::move(delta), nullptr);
}

std::string chat_end(const ChatHead& head, const char* finish_reason) {
  return chunk(head, Json::object(), finish_reason);
}

std::string chat_usage(const ChatHead& head, size_t tokens) {
  Json json = head_json(head, "chat.completion.chunk");
  json["choices"] = Json::array();
  json["usage"] = usage_json(tokens);
  return dump_line(json);
}

}  // namespace kiloword
