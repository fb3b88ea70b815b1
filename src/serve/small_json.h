#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace kiloword {

/// The JSON object `text`. Values are counted before anything is built, so that memory stays a small multiple
/// of the text. Throws Error(kUsage) when it is no object, malformed, too deep or of too many values.
nlohmann::json parse_json_object(std::string_view text);

}  // namespace kiloword
