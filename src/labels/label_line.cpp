#include "labels/label_line.h"

#include <array>
#include <cstddef>
#include <utility>

#include "kiloword/base/suggestion.h"
#include "labels/text_rules.h"

namespace kiloword {
namespace {

constexpr std::string_view kBar = " | ";
constexpr std::string_view kOptionsRemedy = "options are match, say and article";
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

/// Reads one `key: value` into `label`.
bool read_option(std::string_view field, Label& label, const LineReport& report) {
  const auto parts = split_once(field, ':');
  if (!parts || parts->second.empty()) {
    report("label option " + quote(field) + " is not 'key: value'", std::string(kOptionsRemedy));
    return false;
  }
  const auto& [key, value] = *parts;
  if (key == "article") return read_article(value, label, report);
  if (key != "match" && key != "say") {
    report("unknown label option " + quote(key), std::string(kOptionsRemedy));
    return false;
  }
  std::string& text = key == "match" ? label.custom_match : label.custom_say;
  if (!text.empty()) {
    report("second label option " + quote(key), "");
    return false;
  }
  text = value;
  return check_text_size(value, report);
}

bool read_name(std::string_view field, Label& label, const LineReport& report) {
  if (field.empty()) {
    report("label without a name", "the label is what stands before the first ' | '");
    return false;
  }
  label.name = field;
  return check_text_size(field, report);
}

}  // namespace

std::optional<Label> read_label_line(std::string_view line, const LineReport& report) {
  Label label;
  for (size_t bar = 0; bar != std::string_view::npos;) {
    bar = line.find(kBar);
    const std::string_view field = trim(line.substr(0, bar));
    if (bar != std::string_view::npos) line.remove_prefix(bar + kBar.size());
    if (field.find('|') != std::string_view::npos) {
      report("'|' in " + quote(field), "options are separated by ' | ', with a space on both sides");
      return std::nullopt;
    }
    const bool read =
        label.name.empty() ? read_name(field, label, report) : read_option(field, label, report);
    if (!read) return std::nullopt;
  }
  return label;
}

bool check_text_size(std::string_view text, const LineReport& report) {
  if (text.size() <= kMaxLabelTextBytes) return true;
  report("text of " + std::to_string(text.size()) + " bytes, " + quote(text),
         "a text has at most " + std::to_string(kMaxLabelTextBytes));
  return false;
}

}  // namespace kiloword
