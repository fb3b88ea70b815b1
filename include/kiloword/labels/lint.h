#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

enum class Severity {
  kError,    ///< the set cannot be loaded, or scores wrongly
  kWarning,  ///< the set works, but probably not as meant
};

/// "error" or "warning".
std::string_view severity_name(Severity severity);

/// One problem of a label file.
struct Finding {
  std::filesystem::path path;
  int line = 0;  ///< from 1; 0 for the file as a whole
  Severity severity = Severity::kError;
  std::string message;  ///< the problem
  std::string remedy;   ///< the fix, may be empty
};

/// How many tokens a text has for the model, start and end included.
using TokenCounter = std::function<int(const std::string&)>;

/// Findings after which a file is not searched any further (one more reports this).
constexpr size_t kMaxFindings = 1'000;

/// Every problem of the label file `content`, in the order of its lines: all that
/// parse_label_set refuses, and beyond that duplicates, texts over `token_limit` tokens by `count_tokens`
/// (which may be empty: not checked), text that a caption would not show as written, and slips such as "a
/// {label}" for "{a} {label}".
std::vector<Finding> lint_label_set(std::string_view content, const std::filesystem::path& path,
                                    const TokenCounter& count_tokens = {}, int token_limit = 0);

/// Reads the file `path` and checks it; a file that cannot be read is one finding.
std::vector<Finding> lint_label_file(const std::filesystem::path& path, const TokenCounter& count_tokens = {},
                                     int token_limit = 0);

}  // namespace kiloword
