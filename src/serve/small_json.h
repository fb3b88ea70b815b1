#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// The JSON object of a request. Long strings, that is images, stay in the text, and values are counted
/// before anything is built, so that memory use is always little more than the text.
class SmallJson {
 public:
  /// Parses `text`. Throws Error(kUsage) if it is malformed, not an object, nested too deeply, has too many
  /// values, or is too long even without its long strings.
  explicit SmallJson(std::string text);

  /// The object, with each long string replaced by a name for text().
  nlohmann::json& root() { return root_; }

  /// The text of `value`, a string of root(). Throws Error(kUsage) for a long string with escapes that base64
  /// and URLs do not need.
  std::string text(const nlohmann::json& value) const;

 private:
  std::string without_long_strings();

  std::string text_;
  std::vector<std::string_view> long_strings_;  ///< views into text_, without quotes
  nlohmann::json root_;
};

}  // namespace kiloword
