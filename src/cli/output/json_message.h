#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kiloword::cli {

/// A message as one line of JSON, without its line end: `time` (UTC, milliseconds), `level`, `message`,
/// followed by `fields`.
std::string json_message(const std::string& level, const std::string& message,
                         const nlohmann::ordered_json& fields);

}  // namespace kiloword::cli
