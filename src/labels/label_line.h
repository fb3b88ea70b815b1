#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/labels/label_set.h"

namespace kiloword {

/// Called for each problem of a line with a message and a remedy, which may be empty.
using LineReport = std::function<void(std::string message, std::string remedy)>;

/// A label and the name of its hypernym, which another line may define; empty: none.
struct LabelLine {
  Label label;
  std::string is_a;
};

/// Parses `NAME | match: TEXT | say: TEXT | article: a | is-a: NAME`; `line` is trimmed and not empty. None
/// if a problem was reported.
std::optional<LabelLine> read_label_line(std::string_view line, const LineReport& report);

/// Whether `text` is within kMaxLabelTextBytes; reports it if not.
bool check_text_size(std::string_view text, const LineReport& report);

}  // namespace kiloword
