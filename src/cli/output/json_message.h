#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kiloword::cli {

/// A message as one line of JSON, without its end: `time` (UTC, milliseconds), `level`, `message`, and
/// `fields` behind them.
std::string json_message(const std::string& level, const std::string& message,
                         const nlohmann::ordered_json& fields);

}  // namespace kiloword::cli
