#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "kiloword/guided/description.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/serve/service.h"

namespace kiloword {

/// JSON as records are written: one line, whatever is not UTF-8 replaced.
std::string dump_line(const nlohmann::ordered_json& json);

ServiceReply json_reply(std::string body, int status = 200);
/// The reply for `error`, with the status of its kind, or its own when it is a Refusal.
ServiceReply error_reply(const Error& error);
int status_of(const Error& error);

/// An event of a text/event-stream.
std::string server_sent_event(const std::string& event, const std::string& json);
/// A step of a search.
std::string step_json(const SearchView& view);
/// `{"error":{...}}` with the command line's kinds, and OpenAI's `type`.
std::string error_body(const Error& error);

/// What chat completions call what they give: a caption, or a description.
constexpr const char* kCaptionModel = "kiloword-caption";
constexpr const char* kDescribeModel = "kiloword-describe";

/// What all parts of one chat completion have in common.
struct ChatHead {
  std::string id;
  std::string model;
  int64_t created = 0;  ///< in seconds since 1970
};

/// A head with an id of its own.
ChatHead new_chat_head(const std::string& model);

/// A whole chat completion.
std::string chat_completion(const ChatHead& head, const std::string& text, const char* finish_reason,
                            size_t tokens);
/// A piece of one; the first says whose it is.
std::string chat_chunk(const ChatHead& head, const std::string& text, bool is_first);
/// The end of one, and after it what was used, where the client asks for that.
std::string chat_end(const ChatHead& head, const char* finish_reason);
std::string chat_usage(const ChatHead& head, size_t tokens);

}  // namespace kiloword
