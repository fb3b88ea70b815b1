#include "labels/label_line.h"

#include <array>
#include <cstddef>
#include <utility>

#include "kiloword/base/suggestion.h"
#include "labels/text_rules.h"

namespace kiloword {
namespace {

constexpr std::string_view kBar = " | ";
constexpr std::string_view kNoText = "none";
constexpr std::string_view kOptionsRemedy = "options are match, say, with-text, article and is-a";
constexpr std::array<std::pair<std::string_view, Article>, 4> kArticles{
    {{"a", Article::kA}, {"an", Article::kAn}, {"the", Article::kThe}, {"none", Article::kNone}}};

bool read_article(std::string_view value, Label& label, const LineReport& report) {
  if (label.article != Article::kAuto) {
    report("second label option 'article'", "");
    return false;
  }
  for (const auto& [name, article] : kArticles) {
    if (value == name) label.article = article;
  }
  if (label.article != Article::kAuto) return true;
  report("unknown article " + quote(value), "articles are a, an, the and none");
  return false;
}

/// The field of `line` that the text option `key` fills; null: there is no such option.
std::string* text_option(std::string_view key, LabelLine& line) {
  if (key == "match") return &line.label.custom_match;
  if (key == "say") return &line.label.custom_say;
  if (key == "with-text") return &line.label.with_text;
  return key == "is-a" ? &line.is_a : nullptr;
}

/// Reads one `key: value` into `line`.
bool read_option(std::string_view field, LabelLine& line, const LineReport& report) {
  const auto parts = split_once(field, ':');
  if (!parts || parts->second.empty()) {
    report("label option " + quote(field) + " is not 'key: value'", std::string(kOptionsRemedy));
    return false;
  }
  const auto& [key, value] = *parts;
  if (key == "article") return read_article(value, line.label, report);
  std::string* text = text_option(key, line);
  if (text == nullptr) {
    report("unknown label option " + quote(key), std::string(kOptionsRemedy));
    return false;
  }
  if (!text->empty() || (key == "match" && !line.label.has_text)) {
    report("second label option " + quote(key), "");
    return false;
  }
  if (key == "match" && value == kNoText) {
    line.label.has_text = false;
    return true;
  }
  *text = value;
  return check_text_size(value, report);
}

bool read_name(std::string_view field, Label& label, const LineReport& report) {
  if (field.empty()) {
    report("label without a name", "the label is the part before the first ' | '");
    return false;
  }
  label.name = field;
  return check_text_size(field, report);
}

}  // namespace

std::optional<LabelLine> read_label_line(std::string_view line, const LineReport& report) {
  LabelLine result;
  for (size_t bar = 0; bar != std::string_view::npos;) {
    bar = line.find(kBar);
    const std::string_view field = trim(line.substr(0, bar));
    if (bar != std::string_view::npos) line.remove_prefix(bar + kBar.size());
    if (field.find('|') != std::string_view::npos) {
      report("'|' in " + quote(field), "options are separated by ' | ', with a space on both sides");
      return std::nullopt;
    }
    const bool read = result.label.name.empty() ? read_name(field, result.label, report)
                                                : read_option(field, result, report);
    if (!read) return std::nullopt;
  }
  return result;
}

bool check_text_size(std::string_view text, const LineReport& report) {
  if (text.size() <= kMaxLabelTextBytes) return true;
  report("text of " + std::to_string(text.size()) + " bytes, " + quote(text),
         "a text has at most " + std::to_string(kMaxLabelTextBytes));
  return false;
}

}  // namespace kiloword
