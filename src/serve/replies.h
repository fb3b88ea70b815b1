#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "kiloword/guided/description.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/serve/service.h"

namespace kiloword {

/// Serialises JSON like records: on one line, with invalid UTF-8 replaced.
std::string dump_line(const nlohmann::ordered_json& json);

ServiceReply json_reply(std::string body, int status = 200);
/// The reply for `error`, with the status of its kind or, for a Refusal, its own.
ServiceReply error_reply(const Error& error);
int status_of(const Error& error);

/// An event of a text/event-stream.
std::string server_sent_event(const std::string& event, const std::string& json);
/// A search step.
std::string step_json(const SearchView& view);
/// `{"error":{...}}` with kiloword's error kind and OpenAI's `type`.
std::string error_body(const Error& error);

/// The model names of chat completions, for captions and descriptions.
constexpr const char* kCaptionModel = "kiloword-caption";
constexpr const char* kDescribeModel = "kiloword-describe";

/// Fields shared by all chunks of a chat completion.
struct ChatHead {
  std::string id;
  std::string model;
  int64_t created = 0;  ///< seconds since 1970-01-01 UTC
};

/// A head with a new id.
ChatHead new_chat_head(const std::string& model);

/// A chat completion in one piece.
std::string chat_completion(const ChatHead& head, const std::string& text, const char* finish_reason,
                            size_t tokens);
/// A chunk of a streamed one; the first contains the role.
std::string chat_chunk(const ChatHead& head, const std::string& text, bool is_first);
/// The last chunk, and the usage chunk that may follow it.
std::string chat_end(const ChatHead& head, const char* finish_reason);
std::string chat_usage(const ChatHead& head, size_t tokens);

}  // namespace kiloword
