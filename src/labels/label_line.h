#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/labels/label_set.h"

namespace kiloword {

/// Called for what is wrong with a line: message, remedy (may be empty).
using LineReport = std::function<void(std::string message, std::string remedy)>;

/// A label and the name of its hypernym, which another line may define; empty: none.
struct LabelLine {
  Label label;
  std::string is_a;
};

/// Reads `NAME | match: TEXT | say: TEXT | article: a | is-a: NAME`, trimmed and not empty. Nothing when
/// something was reported.
std::optional<LabelLine> read_label_line(std::string_view line, const LineReport& report);

/// Whether `text` is within kMaxLabelTextBytes; reports it if not.
bool check_text_size(std::string_view text, const LineReport& report);

}  // namespace kiloword
