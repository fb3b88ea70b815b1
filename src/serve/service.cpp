#include "kiloword/serve/service.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "kiloword/base/ascii.h"
#include "kiloword/base/utf8.h"
#include "kiloword/serve/refusal.h"
#include "serve/host_check.h"
#include "serve/page_files.h"
#include "serve/replies.h"

namespace kiloword {
namespace {

/// Paths and their method.
const std::map<std::string, std::string>& routes() {
  static const std::map<std::string, std::string> kRoutes{
      {"/v1/caption", "POST"},
      {"/v1/describe", "POST"},
      {"/v1/run", "GET"},
      {"/v1/score", "POST"},
      {"/v1/embed", "POST"},
      {"/v1/search", "POST"},
      {"/v1/chat/completions", "POST"},
      {"/v1/models", "GET"},
      {"/v1/labels", "GET"},
      {"/livez", "GET"},
      {"/readyz", "GET"},
      {"/health", "GET"},
      {"/healthz", "GET"},
      {"/metrics", "GET"},
      {"/", "GET"},
      {"/style.css", "GET"},
      {"/app.js", "GET"},
  };
  return kRoutes;
}

constexpr std::string_view kModelsPath = "/v1/models";

/// The name in "/v1/models/NAME"; empty for other paths.
std::string_view model_id(std::string_view path) {
  if (path.size() <= kModelsPath.size() || path.substr(0, kModelsPath.size() + 1) != "/v1/models/") return "";
  return path.substr(kModelsPath.size() + 1);
}

/// The path under which a request is routed and counted.
std::string route_of(const std::string& path) {
  return model_id(path).empty() ? path : std::string(kModelsPath);
}

/// The token of "Bearer TOKEN" (RFC 6750, 2.1; the scheme's case does not matter, RFC 9110, 11.1), or
/// nothing.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer";
  if (ascii_lower(authorization.substr(0, kScheme.size())) != kScheme) return std::nullopt;
  const size_t token = authorization.find_first_not_of(' ', kScheme.size());
  if (token == kScheme.size() || token == std::string_view::npos) return std::nullopt;
  return authorization.substr(token);
}

/// What asks whether the server is well: who looks after it has no token.
bool is_probe(const std::string& path) {
  return path == "/livez" || path == "/readyz" || path == "/health" || path == "/healthz";
}

bool is_open_to_all(const std::string& path) {
  return is_probe(path) || find_page_file(path) != nullptr;
}

bool needs_parts(const std::string& path) {
  return path != "/metrics" && path != "/livez" && find_page_file(path) == nullptr;
}

nlohmann::ordered_json model_entry(const std::string& id) {
  return {{"id", id}, {"object", "model"}, {"created", 0}, {"owned_by", "kiloword"}};
}

ServiceReply page_reply(const PageFile& file) {
  ServiceReply reply;
  reply.content_type = file.content_type;
  reply.body = file.content;
  reply.headers = {{"Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
                    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
                   {"X-Content-Type-Options", "nosniff"},
                   {"Referrer-Policy", "no-referrer"},
                   {"Cache-Control", "no-cache"}};
  return reply;
}

}  // namespace

Service::Service(ServiceOptions options) : options_(std::move(options)) {}

ServiceReply Service::error_reply(int status, ErrorKind kind, const std::string& message,
                                  const std::string& remedy) {
  return kiloword::error_reply(Refusal(status, kind, message, "", remedy));
}

std::optional<ServiceReply> Service::refuse(const ServiceHead& head) const {
  const auto route = routes().find(route_of(head.path));
  if (route == routes().end())
    return error_reply(404, ErrorKind::kUsage, "no such path", "see docs/serve.md");
  const bool is_right_method =
      head.method == route->second || (head.method == "HEAD" && route->second == "GET");
  if (!is_right_method) {
    ServiceReply reply = error_reply(405, ErrorKind::kUsage, "this path takes " + route->second);
    reply.headers.emplace_back("Allow", route->second);
    return reply;
  }
  if (options_.only_loopback && !is_loopback_host(head.host)) {
    return error_reply(403, ErrorKind::kUsage,
                       "this server answers to localhost and addresses of this machine only",
                       "use http://127.0.0.1, or start kiloword serve with --token-file");
  }
  if (!head.origin.empty() && !is_own_origin(head.origin, head.host)) {
    return error_reply(403, ErrorKind::kUsage, "a page of another site may not ask this server");
  }
  const auto given = bearer_token(head.authorization);
  const bool may_ask = options_.token.empty() || is_open_to_all(head.path) ||
                       (given && equal_in_constant_time(*given, options_.token));
  if (!may_ask)
    return error_reply(401, ErrorKind::kUsage, "a token is needed", "send it as Authorization: Bearer TOKEN");
  const std::lock_guard<std::mutex> lock(start_mutex_);
  if (!loading_ || !needs_parts(head.path)) return std::nullopt;
  ServiceReply reply = error_reply(503, ErrorKind::kBusy, "loading: " + loading_->what, "try again later");
  for (auto& [name, value] : reply.headers) {
    if (name == "Retry-After") value = std::to_string(loading_->seconds);
  }
  return reply;
}

void Service::loading(const std::string& what, int seconds) {
  const std::lock_guard<std::mutex> lock(start_mutex_);
  loading_ = {what, seconds};
}

void Service::ready(const ServiceParts& parts) {
  const std::lock_guard<std::mutex> lock(start_mutex_);
  parts_ = parts;
  loading_.reset();
}

ServiceReply Service::answer(const ServiceHead& head, RequestBody&& request,
                             const std::function<bool()>& client_waits) {
  try {
    return route(head, std::move(request), client_waits);
  } catch (const Error& error) {
    return kiloword::error_reply(error);
  } catch (const std::bad_alloc&) {
    return error_reply(503, ErrorKind::kBusy, "not enough memory", "try again later");
  } catch (const std::exception&) {
    return error_reply(500, ErrorKind::kInternal, "internal error", "please report this as a defect");
  }
}

ServiceReply Service::route(const ServiceHead& head, RequestBody&& request,
                            const std::function<bool()>& client_waits) {
  const std::string& path = head.path;
  if (const PageFile* file = find_page_file(path)) return page_reply(*file);
  if (path == "/v1/caption") return caption(std::move(request));
  if (path == "/v1/describe") return describe(head, std::move(request), client_waits);
  if (path == "/v1/run") return run(std::move(request));
  if (path == "/v1/score") return score(std::move(request));
  if (path == "/v1/embed") return embed(std::move(request));
  if (path == "/v1/search") return search(std::move(request));
  if (path == "/v1/chat/completions") return chat(std::move(request), client_waits);
  if (const std::string_view id = model_id(path); !id.empty()) return json_reply(model_json(id));
  if (path == kModelsPath) return json_reply(models_json());
  if (path == "/v1/labels") return json_reply(labels_json());
  if (path == "/metrics") {
    ServiceReply reply;
    reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply.body = metrics_text();
    return reply;
  }
  if (path == "/livez") return json_reply(R"({"status":"alive"})");
  return draining_ ? json_reply(R"({"status":"draining"})", 503) : json_reply(R"({"status":"ok"})");
}

void Service::count(const ServiceHead& head, int status, double seconds) {
  const std::string route = route_of(head.path);
  metrics_.add(routes().count(route) > 0 ? route : "other", status, seconds);
}

std::vector<std::string> Service::model_ids() const {
  if (!parts_.models.describes()) return {kCaptionModel};
  return {kDescribeModel, kCaptionModel};
}

std::string Service::models_json() const {
  nlohmann::ordered_json json;
  json["object"] = "list";
  json["data"] = nlohmann::ordered_json::array();
  for (const std::string& id : model_ids()) json["data"].push_back(model_entry(id));
  json["model"] = parts_.models.model_name;
  json["embedding_dim"] = parts_.models.encoder->embedding_dim();
  if (parts_.search != nullptr) json["indexed_images"] = parts_.search->current()->size();
  if (parts_.models.describes()) json["language_model"] = parts_.models.language_model_name;
  return dump_line(json);
}

std::string Service::model_json(std::string_view id) const {
  for (const std::string& known : model_ids()) {
    if (id == known) return dump_line(model_entry(known));
  }
  throw Refusal(404, ErrorKind::kUsage, "no such model", printable(id.substr(0, 60)), "see /v1/models");
}

std::string Service::labels_json() const {
  nlohmann::ordered_json json;
  json["default"] = nlohmann::ordered_json::array();
  for (const std::string& name : parts_.labels->source().default_names) {
    const std::filesystem::path path(name);
    json["default"].push_back(path.extension() == ".txt" ? path.stem().string() : name);
  }
  json["names"] = parts_.labels->names();
  return dump_line(json);
}

std::string Service::metrics_text() const {
  {
    const std::lock_guard<std::mutex> lock(start_mutex_);
    if (loading_) return metrics_.text({});
  }
  const ImageQueueCounts images = parts_.images->counts();
  const auto number = [](auto value) { return static_cast<double>(value); };
  return metrics_.text({
      {"kiloword_images_encoded_total", "Images encoded.", number(images.images_encoded), true},
      {"kiloword_encoder_calls_total", "Batches of images encoded.", number(images.encoder_calls), true},
      {"kiloword_images_in_progress", "Images waiting, being decoded or encoded.", number(images.in_progress),
       false},
      {"kiloword_descriptions_in_progress", "Descriptions being written.",
       number(parts_.text_turns->in_progress()), false},
  });
}

}  // namespace kiloword
