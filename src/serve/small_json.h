#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// A JSON object of a request. Its long strings, images that is, stay in the text, so that memory is little
/// more than the text whatever it is; values are counted before anything is built.
class SmallJson {
 public:
  /// Takes `text`. Throws Error(kUsage) when it is no object, malformed, too deep, of too many values, or too
  /// long without its long strings.
  explicit SmallJson(std::string text);

  /// The object; in the place of each long string stands a name for text().
  nlohmann::json& root() { return root_; }

  /// The text of `value`, a string of root(). Throws Error(kUsage) for a long one with escapes that neither
  /// base64 nor URLs need.
  std::string text(const nlohmann::json& value) const;

 private:
  std::string without_long_strings();

  std::string text_;
  std::vector<std::string_view> long_strings_;  ///< as they stand in text_, between their quotes
  nlohmann::json root_;
};

}  // namespace kiloword
