#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "kiloword/guided/decoder.h"
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

/// A whole chat completion.
std::string chat_completion(const std::string& id, const std::string& model, const std::string& text,
                            const char* finish_reason, size_t tokens);
/// A piece of one: `text` empty with a `finish_reason` at the end.
std::string chat_chunk(const std::string& id, const std::string& model, const std::string& text,
                       const char* finish_reason);

}  // namespace kiloword
