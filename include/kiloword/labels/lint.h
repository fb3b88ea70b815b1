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

/// The number of a model's tokens in a text, including start and end.
using TokenCounter = std::function<int(const std::string&)>;

/// Maximum number of findings per file, not counting a last one that reports the limit.
constexpr size_t kMaxFindings = 1'000;

/// All problems of the label file `content`, by line: those that parse_label_set() rejects, and also
/// duplicates, texts over `token_limit` tokens by `count_tokens` (if not empty), text that a caption would
/// alter, and slips such as "a {label}" for "{a} {label}".
std::vector<Finding> lint_label_set(std::string_view content, const std::filesystem::path& path,
                                    const TokenCounter& count_tokens = {}, int token_limit = 0);

/// The same for the file `path`; a file that cannot be read is one finding.
std::vector<Finding> lint_label_file(const std::filesystem::path& path, const TokenCounter& count_tokens = {},
                                     int token_limit = 0);

}  // namespace kiloword
