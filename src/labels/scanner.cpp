#include "labels/scanner.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "kiloword/base/suggestion.h"
#include "kiloword/base/utf8.h"
#include "labels/hypernyms.h"
#include "labels/label_line.h"
#include "labels/template.h"
#include "labels/text_rules.h"

namespace kiloword {
namespace {

constexpr std::string_view kSeparator = "---";
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::string code_point_name(char32_t c) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(c));
  return text.data();
}

/// What makes `line` no text, if anything.
std::optional<std::string> byte_problem(std::string_view line) {
  const auto plain = [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\t'; };
  if (std::all_of(line.begin(), line.end(), plain)) return std::nullopt;
  for (size_t i = 0; i < line.size();) {
    const DecodedCodePoint c = decode_utf8(line, i);
    if (!c.valid) return "invalid UTF-8 at byte " + std::to_string(i + 1) + " of the line";
    const bool control =
        (c.code_point < 0x20 && c.code_point != '\t') || (c.code_point >= 0x7F && c.code_point <= 0x9F);
    if (control) return "control character " + code_point_name(c.code_point);
    i += c.length;
  }
  return std::nullopt;
}

bool holds_separator(std::string_view content) {
  LineReader lines(content);
  while (lines.next()) {
    if (trim(lines.text()) == kSeparator) return true;
  }
  return false;
}

class Scanner {
 public:
  Scanner(std::string_view content, std::string name, const std::filesystem::path& path,
          const ScanReport& report)
      : content_(content), report_(report) {
    result_.set.name = std::move(name);
    result_.set.path = path;
  }

  ScannedLabelSet scan() {
    if (starts_with(content_, "\xFF\xFE") || starts_with(content_, "\xFE\xFF")) {
      report_(1, "UTF-16 text", "save the file as UTF-8");
      return std::move(result_);
    }
    if (starts_with(content_, kUtf8Mark)) content_.remove_prefix(kUtf8Mark.size());
    LineReader lines(content_);
    while (lines.next()) {
      line_ = lines.number();
      if (!read_line(lines.text())) break;
    }
    check_whole();
    return std::move(result_);
  }

 private:
  void error(std::string message, std::string remedy = "") const {
    report_(line_, std::move(message), std::move(remedy));
  }

  /// False when nothing more is to be read.
  bool read_line(std::string_view line) {
    if (line.size() > kMaxLabelLineBytes) {
      error("line of " + std::to_string(line.size()) + " bytes",
            "a line of a label file has at most " + std::to_string(kMaxLabelLineBytes));
      return true;
    }
    if (const auto problem = byte_problem(line)) {
      error(*problem, "label files are plain UTF-8 text");
      return true;
    }
    line = trim(line);
    if (line.empty() || line.front() == '#') return true;
    if (in_header_ && line == kSeparator) {
      in_header_ = false;
      result_.separator_line = line_;
    } else if (in_header_) {
      header_line(line);
    } else {
      return label_line(line);
    }
    return true;
  }

  void header_line(std::string_view line) {
    const auto parts = split_once(line, ':');
    if (!parts) {
      if (!has_separator_) has_separator_ = holds_separator(content_);
      if (*has_separator_) {
        error("header line " + quote(line) + " is not 'key: value'", "labels follow the line '---'");
        return;
      }
      error("label " + quote(line) + " but no line '---' before it",
            "put '---' between the header and the labels");
      in_header_ = false;
      result_.separator_line = line_;
      label_line(line);
      return;
    }
    const auto& [key, value] = *parts;
    if (value.empty()) {
      error("no value for " + quote(key));
    } else if (key == "match") {
      add_match_template(value);
    } else if (key == "negative") {
      add_negative(value);
    } else {
      once_line(key, value);
    }
  }

  void once_line(std::string_view key, std::string_view value) {
    static const std::vector<std::string> kKeys{"category",       "statement", "match",      "negative",
                                                "min-confidence", "gate",      "description"};
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      std::string remedy = did_you_mean(close_names(key, kKeys));
      if (remedy.empty())
        remedy = "keys are category, statement, match, negative, min-confidence, gate, description";
      error("unknown key " + quote(key), std::move(remedy));
      return;
    }
    const auto [first, inserted] = first_lines_.emplace(key, line_);
    if (!inserted) {
      error("second " + quote(key), "the first is in line " + std::to_string(first->second));
    } else if (key == "category") {
      set_category(value);
    } else if (key == "statement") {
      if (!check_template(value)) return;
      result_.set.statement = value;
      result_.statement_line = line_;
    } else if (key == "min-confidence") {
      set_min_confidence(value);
    } else if (key == "gate") {
      set_gate(value);
    } else if (check_size(value)) {
      result_.set.description = value;
    }
  }

  bool check_size(std::string_view text) const { return check_text_size(text, report_line_); }

  bool check_template(std::string_view text) const {
    if (!check_size(text)) return false;
    const auto problem = template_problem(text);
    if (problem)
      error(*problem + ": " + quote(text), "write {label} where the label goes and {a} for its article");
    return !problem;
  }

  void add_match_template(std::string_view text) {
    if (!check_template(text)) return;
    if (result_.set.prompt_templates.size() == kMaxMatchTemplates) {
      error("too many match templates", "a set has at most " + std::to_string(kMaxMatchTemplates));
      return;
    }
    result_.set.prompt_templates.emplace_back(text);
    result_.match_lines.push_back(line_);
  }

  void add_negative(std::string_view text) {
    if (!check_size(text)) return;
    if (text.find("{label}") != std::string_view::npos || text.find("{a}") != std::string_view::npos) {
      error("placeholder in the negative " + quote(text), "negatives are complete texts");
      return;
    }
    if (result_.set.negatives.size() == kMaxLabels) {
      error("too many negatives");
      return;
    }
    result_.set.negatives.emplace_back(text);
    result_.negative_lines.push_back(line_);
  }

  void set_category(std::string_view value) {
    if (value.find_first_of(" \t") != std::string_view::npos || value.size() > 100) {
      error("category " + quote(value) + " is not one word");
      return;
    }
    result_.set.category = value;
  }

  void set_min_confidence(std::string_view value) {
    double number = -1.0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = failed == std::errc() && end == value.data() + value.size();
    if (!whole || !(number >= 0.0 && number <= 1.0)) {
      error("min-confidence " + quote(value) + " is not a number from 0 to 1");
      return;
    }
    result_.set.min_confidence = number;
  }

  void set_gate(std::string_view value) {
    const auto parts = split_once(value, ':');
    if (!parts || parts->first.empty()) {
      error("gate " + quote(value) + " names no set", "write 'gate: SET: label, label'");
      return;
    }
    Gate gate;
    gate.set = parts->first;
    std::string_view rest = parts->second;
    while (true) {
      const size_t comma = rest.find(',');
      const std::string_view label = trim(rest.substr(0, comma));
      if (label.empty()) {
        error("empty label in the gate " + quote(value), "write 'gate: SET: label, label'");
        return;
      }
      gate.labels.emplace_back(label);
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
    if (gate.set == result_.set.name) {
      error("gate on the set itself");
      return;
    }
    result_.set.gate = std::move(gate);
    result_.gate_line = line_;
  }

  /// False when the set is full.
  bool label_line(std::string_view line) {
    if (line == kSeparator) {
      error("second line '---'", "a label file has one, between the header and the labels");
      return true;
    }
    if (result_.set.labels.size() == kMaxLabels) {
      error("too many labels", "a set has at most " + std::to_string(kMaxLabels));
      return false;
    }
    if (std::optional<LabelLine> read = read_label_line(line, report_line_)) {
      read->label.line = line_;
      if (!read->is_a.empty()) kinds_.push_back({result_.set.labels.size(), std::move(read->is_a)});
      result_.set.labels.push_back(std::move(read->label));
    }
    return true;
  }

  /// What can only be said at the end.
  void check_whole() {
    const int last_line = std::max(line_, 1);
    const int header_end = result_.separator_line == 0 ? last_line : result_.separator_line;
    if (first_lines_.count("category") == 0) {
      report_(header_end, "no 'category' in the header", "add a line such as 'category: objects'");
    }
    if (first_lines_.count("statement") == 0) {
      report_(header_end, "no 'statement' in the header",
              "add a line such as 'statement: This is {a} {label}.'");
    }
    if (result_.separator_line == 0) {
      report_(last_line, "no line '---'", "put '---' between the header and the labels");
    } else if (result_.set.labels.empty()) {
      report_(last_line, "no labels after the line '---'", "write one label a line");
    }
    if (result_.set.labels.size() * result_.set.prompt_templates.size() > kMaxMatchTexts) {
      report_(header_end, "too many texts, labels times match templates",
              "a set has at most " + std::to_string(kMaxMatchTexts));
    }
    link_hypernyms(result_.set.labels, kinds_, report_);
    if (result_.set.prompt_templates.empty()) result_.set.prompt_templates.push_back(result_.set.statement);
  }

  std::string_view content_;
  const ScanReport& report_;
  const LineReport report_line_ = [this](std::string message, std::string remedy) {
    error(std::move(message), std::move(remedy));
  };
  ScannedLabelSet result_;
  std::map<std::string, int, std::less<>> first_lines_;  // of the keys that may stand once
  std::vector<KindOf> kinds_;
  std::optional<bool> has_separator_;  // looked up once, when it matters
  int line_ = 0;
  bool in_header_ = true;
};

}  // namespace

ScannedLabelSet scan_label_set(std::string_view content, std::string name, const std::filesystem::path& path,
                               const ScanReport& report) {
  return Scanner(content, std::move(name), path, report).scan();
}

}  // namespace kiloword
