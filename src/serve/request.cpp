#include "kiloword/serve/request.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/option_field.h"
#include "kiloword/guided/description_options.h"
#include "kiloword/pipeline/caption_options.h"
#include "serve/fields.h"
#include "serve/small_json.h"

namespace kiloword {
namespace {

constexpr size_t kMaxChatImages = 4;

/// Puts what was given in the place of `value`.
template <typename Value, typename Given>
void replace(Value& value, Given&& given) {
  if (given) value = std::move(*given);
}

/// The images of a chat message, in their order.
std::vector<std::string> images_of(const SmallJson& json, nlohmann::json& message) {
  std::vector<std::string> images;
  if (!message.is_object() || !message.contains("content") || !message["content"].is_array()) return images;
  for (nlohmann::json& part : message["content"]) {
    if (!part.is_object() || !part.contains("image_url")) continue;
    nlohmann::json& image = part["image_url"];
    nlohmann::json& url = image.is_object() && image.contains("url") ? image["url"] : image;
    if (!url.is_string()) throw Error(ErrorKind::kUsage, "image_url without a URL", "messages", "");
    if (images.size() == kMaxChatImages) {
      throw Error(ErrorKind::kUsage, "more than " + std::to_string(kMaxChatImages) + " images in a message",
                  "messages", "send less");
    }
    images.push_back(image_of_text(json.text(url)));
  }
  return images;
}

template <typename Value>
std::optional<Value> number_of(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) return std::nullopt;
  if (!found->is_number_integer()) throw Error(ErrorKind::kUsage, "not a whole number", name, "change it");
  return found->get<Value>();
}

bool is_empty(const nlohmann::json& value) {
  return value.is_null() || value == false || (value.is_structured() && value.empty());
}

/// Refuses what would change the kind of the answer; a client that asks for it would misread what it gets.
void refuse_other_kinds(const nlohmann::json& json) {
  const auto refuse = [](const char* name, const char* what, const char* remedy) {
    throw Error(ErrorKind::kUsage, what, name, remedy);
  };
  const auto value = [&json](const char* name) { return json.value(name, nlohmann::json()); };
  if (!value("n").is_null() && value("n") != 1)
    refuse("n", "there is one answer to a request", "leave it out");
  const nlohmann::json format = value("response_format");
  if (!format.is_null() && (!format.is_object() || format.value("type", nlohmann::json()) != "text")) {
    refuse("response_format", "answers are plain text", "leave it out");
  }
  for (const char* name : {"tools", "functions"}) {
    if (!is_empty(value(name))) refuse(name, "no tool is ever called", "leave it out");
  }
  for (const char* name : {"tool_choice", "function_call"}) {
    const nlohmann::json choice = value(name);
    if (!choice.is_null() && choice != "none" && choice != "auto")
      refuse(name, "no tool is ever called", "leave it out");
  }
  for (const char* name : {"logprobs", "top_logprobs", "audio"}) {
    if (!is_empty(value(name)) && value(name) != 0) refuse(name, "answers are plain text", "leave it out");
  }
  const nlohmann::json modalities = value("modalities");
  if (!is_empty(modalities) && modalities != nlohmann::json::array({"text"}))
    refuse("modalities", "answers are plain text", "leave it out");
}

/// Whether the answer is streamed, and with the number of tokens at its end.
void read_streaming(const nlohmann::json& json, ChatRequest& parsed) {
  const nlohmann::json stream = json.value("stream", nlohmann::json());
  if (!stream.is_null() && !stream.is_boolean())
    throw Error(ErrorKind::kUsage, "neither true nor false", "stream", "change it");
  parsed.stream = stream == true;
  const nlohmann::json options = json.value("stream_options", nlohmann::json());
  if (options.is_null()) return;
  if (!options.is_object() || !parsed.stream) {
    throw Error(ErrorKind::kUsage, parsed.stream ? "not an object" : "only of a streamed answer",
                "stream_options", "leave it out");
  }
  parsed.include_usage = options.value("include_usage", nlohmann::json()) == true;
}

std::vector<std::string> stop_sequences(SmallJson& body, const RequestLimits& limits) {
  constexpr size_t kMostSequences = 4;  // as OpenAI's own API
  nlohmann::json given = body.root().value("stop", nlohmann::json());
  if (given.is_null()) return {};
  if (!given.is_array()) given = nlohmann::json::array({given});
  std::vector<std::string> sequences;
  for (const nlohmann::json& one : given) {
    std::string sequence = one.is_string() ? body.text(one) : "";
    if (sequence.empty() || sequence.size() > limits.max_text_bytes || sequences.size() == kMostSequences) {
      throw Error(ErrorKind::kUsage, "not a text or a list of at most 4 texts", "stop", "change it");
    }
    sequences.push_back(std::move(sequence));
  }
  return sequences;
}

/// The most that a request may ask of an option, where that is less than the command line allows.
using Caps = std::map<std::string_view, double>;

/// Gives `options` what `fields` say of the options in `table`; of one that is no list the last value counts.
template <typename Options>
void take_table(Fields& fields, const OptionTable<Options>& table, Options& options, const Caps& caps = {}) {
  for (const OptionField<Options>& field : table) {
    std::vector<std::string> texts = fields.take_texts(std::string(field.name));
    if (texts.empty()) continue;
    if (const auto* list = std::get_if<std::vector<std::string> Options::*>(&field.member)) {
      options.*(*list) = std::move(texts);
      continue;
    }
    const auto cap = caps.find(field.name);
    field.set(options, texts.back(), cap == caps.end() ? field.most : cap->second);
  }
}

/// What `fields` say of statements; there must be nothing else in them.
StatementChoices take_choices(Fields& fields, const StatementChoices& defaults) {
  StatementChoices choices = defaults;
  take_table(fields, caption_options(), choices);
  fields.require_none_left();
  return choices;
}

}  // namespace

CaptionRequest parse_caption_request(RequestBody&& request, const StatementChoices& defaults,
                                     const RequestLimits& limits) {
  Fields fields(std::move(request), limits);
  CaptionRequest parsed;
  replace(parsed.name, fields.take_text("name"));
  parsed.choices = take_choices(fields, defaults);
  parsed.image = fields.take_image();
  return parsed;
}

StatementChoices parse_caption_choices(RequestBody&& request, const StatementChoices& defaults,
                                       const RequestLimits& limits) {
  Fields fields(std::move(request), limits);
  return take_choices(fields, defaults);
}

DescribeRequest parse_describe_request(RequestBody&& request, const RequestLimits& limits) {
  Fields fields(std::move(request), limits);
  DescribeRequest parsed;
  replace(parsed.name, fields.take_text("name"));
  const auto cap = [](int most) { return static_cast<double>(most); };
  take_table(fields, search_options(), parsed.choices,
             {{"candidates", cap(limits.max_candidates)},
              {"tokens", cap(limits.max_tokens)},
              {"beams", cap(limits.max_beams)}});
  take_table(fields, rule_options(), parsed.rules);
  parsed.stream = fields.take_flag("stream");
  fields.require_none_left();
  parsed.image = fields.take_image();
  return parsed;
}

ScoreRequest parse_score_request(RequestBody&& request, const RequestLimits& limits) {
  Fields fields(std::move(request), limits);
  ScoreRequest parsed;
  replace(parsed.name, fields.take_text("name"));
  parsed.texts = fields.take_texts("text");
  fields.require_none_left();
  if (parsed.texts.empty()) {
    throw Error(ErrorKind::kUsage, "no text to compare with", "text", "send at least one");
  }
  parsed.image = fields.take_image();
  return parsed;
}

EmbedRequest parse_embed_request(RequestBody&& request, const RequestLimits& limits) {
  Fields fields(std::move(request), limits);
  EmbedRequest parsed;
  replace(parsed.name, fields.take_text("name"));
  parsed.texts = fields.take_texts("text");
  fields.require_none_left();
  if (parsed.texts.empty()) {
    parsed.image = fields.take_image();
  } else if (fields.has_image()) {
    throw Error(ErrorKind::kUsage, "an image and texts at once", "text", "send either");
  }
  return parsed;
}

SearchRequest parse_search_request(RequestBody&& request, const RequestLimits& limits) {
  Fields fields(std::move(request), limits);
  SearchRequest parsed;
  fields.take_text("name");  // a form has one for its file; no record is about the image
  parsed.texts = fields.take_texts("text");
  parsed.without = fields.take_texts("without");
  take_table(fields, image_search_options(), parsed.choices, {{"top", limits.max_found}});
  if (const std::optional<std::string> px = fields.take_text("thumbnails")) {
    parsed.thumbnail_px =
        static_cast<int>(whole_number_option("thumbnails", *px, 0, limits.max_thumbnail_px));
  }
  fields.require_none_left();
  if (fields.has_image()) parsed.image = fields.take_image();
  if (parsed.image.empty() && parsed.texts.empty() && parsed.without.empty() &&
      parsed.choices.shown.empty()) {
    throw Error(ErrorKind::kUsage, "nothing to look for", "text", "send a text, an image or a label");
  }
  return parsed;
}

ChatRequest parse_chat_request(RequestBody&& request, const RequestLimits& limits) {
  if (media_type(request.content_type) != "application/json") {
    throw Error(ErrorKind::kUsage, "the body is not application/json", "", "send a JSON object");
  }
  SmallJson body(std::move(request.body));
  nlohmann::json& json = body.root();
  ChatRequest parsed;
  if (json.contains("messages") && json["messages"].is_array()) {
    nlohmann::json& messages = json["messages"];
    for (auto message = messages.rbegin(); message != messages.rend() && parsed.images.empty(); ++message) {
      parsed.images = images_of(body, *message);
    }
  }
  if (parsed.images.empty()) {
    throw Error(ErrorKind::kUsage, "no message holds an image", "messages",
                "send a content part of type image_url with a data URL");
  }
  if (json.contains("model") && json["model"].is_string()) {
    parsed.model = json["model"].get<std::string>().substr(0, limits.max_text_bytes);
  }
  refuse_other_kinds(json);
  parsed.stop = stop_sequences(body, limits);
  read_streaming(json, parsed);
  for (const char* name : {"max_tokens", "max_completion_tokens"}) {
    const auto tokens = number_of<int64_t>(json, name);
    if (!tokens) continue;
    if (*tokens < 1) throw Error(ErrorKind::kUsage, "not a number above 0", name, "change it");
    parsed.max_tokens = static_cast<int>(std::min<int64_t>(*tokens, limits.max_tokens));
  }
  const auto seed = number_of<int64_t>(json, "seed");
  if (seed) parsed.seed = static_cast<uint64_t>(*seed);
  return parsed;
}

}  // namespace kiloword
