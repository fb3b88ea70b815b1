#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/labels/label_set.h"

namespace kiloword {

/// Called for what is wrong with a line: message, remedy (may be empty).
using LineReport = std::function<void(std::string message, std::string remedy)>;

/// Reads `NAME | match: TEXT | say: TEXT | article: a`, trimmed and not empty. Nothing when something was
/// reported.
std::optional<Label> read_label_line(std::string_view line, const LineReport& report);

/// Whether `text` is within kMaxLabelTextBytes; reports it if not.
bool check_text_size(std::string_view text, const LineReport& report);

}  // namespace kiloword
