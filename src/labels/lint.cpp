#include "kiloword/labels/lint.h"

#include <unicode/uchar.h>

#include <string>
#include <unordered_map>
#include <utility>

#include "kiloword/base/ascii.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/base/utf8.h"
#include "kiloword/labels/label_set.h"
#include "labels/folded_label.h"
#include "labels/scanner.h"
#include "labels/template.h"
#include "labels/text_rules.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// Collects the findings of one file.
class Linter {
 public:
  Linter(const fs::path& path, const TokenCounter& count_tokens, int token_limit)
      : path_(path), count_tokens_(count_tokens), token_limit_(token_limit) {}

  std::vector<Finding> lint(std::string_view content) {
    const auto report = [this](int line, std::string message, std::string remedy) {
      add(Severity::kError, line, std::move(message), std::move(remedy));
    };
    const ScannedLabelSet scanned = scan_label_set(content, path_.stem().string(), path_, report);
    check_lines(content);
    check_header(scanned);
    read_negatives(scanned);
    for (const Label& label : scanned.set.labels) {
      if (full()) break;
      check_label(scanned.set, label);
    }
    check_hypernyms(scanned.set.labels);
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const Finding& a, const Finding& b) { return a.line < b.line; });
    if (full()) {
      findings_.push_back({path_, findings_.back().line, Severity::kError,
                           "more than " + std::to_string(kMaxFindings) + " findings",
                           "the rest is not listed"});
    }
    return std::move(findings_);
  }

 private:
  bool full() const { return findings_.size() >= kMaxFindings; }

  void add(Severity severity, int line, std::string message, std::string remedy = "") {
    if (!full()) findings_.push_back({path_, line, severity, std::move(message), std::move(remedy)});
  }
  void warn(int line, std::string message, std::string remedy = "") {
    add(Severity::kWarning, line, std::move(message), std::move(remedy));
  }

  /// What only the raw lines show.
  void check_lines(std::string_view content) {
    LineReader lines(content);
    while (lines.next() && !full()) {
      const std::string_view line = lines.text();
      if (!line.empty() && (line.back() == ' ' || line.back() == '\t')) {
        warn(lines.number(), "space at the end of the line");
      }
    }
  }

  /// What a caption would show differently from how it is written.
  void check_shown(std::string_view text, int line) {
    if (text.find_first_of("[]") != std::string_view::npos) {
      warn(line, "bracket in " + quote(text), "captions show [ and ] as ( and )");
    }
    if (text.find('\t') != std::string_view::npos || text.find("  ") != std::string_view::npos) {
      warn(line, "tab or double space in " + quote(text), "captions show one space");
    }
    if (is_ascii(text)) return;
    for (size_t i = 0; i < text.size();) {
      const DecodedCodePoint c = decode_utf8(text, i);
      const auto point = static_cast<UChar32>(c.code_point);
      if (u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || point == 0x2028 ||
          point == 0x2029) {
        warn(line, "invisible character in " + quote(text), "captions leave it out");
        return;
      }
      i += c.length;
    }
  }

  void check_template(std::string_view text, int line) {
    if (line == 0) return;  // not in the file
    check_shown(text, line);
    const std::string lower = ascii_lower(text);
    for (const std::string article : {"a {label}", "an {label}"}) {
      const size_t at = lower.find(article);
      if (at != std::string::npos && (at == 0 || lower[at - 1] == ' ')) {
        warn(line, "'" + article + "' fits only some labels", "write {a} {label}");
      }
    }
    for (size_t at = lower.find("{a}"); at != std::string::npos; at = lower.find("{a}", at + 1)) {
      if (lower.compare(at + 3, 1, " ") != 0) warn(line, "{a} without a space behind it");
    }
  }

  void check_header(const ScannedLabelSet& scanned) {
    const LabelSet& set = scanned.set;
    check_template(set.statement, scanned.statement_line);
    if (!set.statement.empty() &&
        std::string_view(".!?").find(set.statement.back()) == std::string_view::npos) {
      warn(scanned.statement_line, "the statement does not end in '.', '!' or '?'");
    }
    std::unordered_map<std::string, int> first_lines;
    for (size_t i = 0; i < scanned.match_lines.size(); ++i) {
      check_template(set.prompt_templates[i], scanned.match_lines[i]);
      const auto [first, inserted] =
          first_lines.emplace(folded_label(set.prompt_templates[i]), scanned.match_lines[i]);
      if (!inserted) {
        warn(scanned.match_lines[i], "match template again, first in line " + std::to_string(first->second));
      }
    }
    if (set.gate) {
      std::unordered_map<std::string, int> seen;
      for (const std::string& label : set.gate->labels) {
        if (++seen[folded_label(label)] == 2)
          warn(scanned.gate_line, "the gate lists " + quote(label) + " twice");
      }
    }
  }

  /// Two labels of one name, or with one text.
  void check_again(const Label& label) {
    const auto [name, new_name] = names_.emplace(folded_label(label.name), label.line);
    if (!new_name) {
      add(Severity::kError, label.line, "label " + quote(label.name) + " again",
          "the first is in line " + std::to_string(name->second));
    }
    if (!label.has_text) return;
    const auto [match, new_match] = match_texts_.emplace(folded_label(label.match_text()), label.line);
    if (new_name && !new_match) {
      warn(label.line,
           "label " + quote(label.name) + " matches the same text as line " + std::to_string(match->second),
           "the two cannot be distinguished");
    }
  }

  /// A hypernym without a text of its own and with one kind is as probable as that kind.
  void check_hypernyms(const std::vector<Label>& labels) {
    std::vector<size_t> kinds(labels.size());
    for (const Label& label : labels) {
      if (label.hypernym) ++kinds[*label.hypernym];
    }
    for (size_t i = 0; i < labels.size() && !full(); ++i) {
      if (labels[i].has_text || kinds[i] != 1) continue;
      warn(labels[i].line, "hypernym " + quote(labels[i].name) + " has only one kind",
           "give it more, or a text of its own, or leave it out");
    }
  }

  void check_label(const LabelSet& set, const Label& label) {
    check_again(label);
    check_shown(label.name, label.line);
    if (!label.custom_say.empty()) check_shown(label.custom_say, label.line);
    if (!label.with_text.empty()) check_shown(label.with_text, label.line);
    if (!label.custom_match.empty()) check_shown(label.custom_match, label.line);
    const auto speaks = [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; };
    if (std::none_of(label.name.begin(), label.name.end(), speaks)) {
      warn(label.line, "label " + quote(label.name) + " has no letter and no digit");
    }
    if (set.prompt_templates.front().empty() || (!count_tokens_ && set.negatives.empty())) return;
    const std::vector<std::string> texts = label_prompts(set, label);
    if (label.has_text) check_against_negatives(label.match_text(), label.line);
    for (const std::string& text : texts) check_against_negatives(text, label.line);
    check_tokens(texts, label.line);
  }

  void check_against_negatives(const std::string& text, int line) {
    if (negatives_.empty()) return;
    const auto negative = negatives_.find(folded_label(text));
    if (negative == negatives_.end() || negative->second == 0) return;
    add(Severity::kError, std::exchange(negative->second, 0), "negative " + quote(text) + " is also a label",
        "see line " + std::to_string(line));
  }

  /// Reports the longest of `texts` that is over the limit.
  void check_tokens(const std::vector<std::string>& texts, int line) {
    if (!count_tokens_) return;
    int most = token_limit_;
    const std::string* longest = nullptr;
    for (const std::string& text : texts) {
      const int count = count_tokens_(text);
      if (count <= most) continue;
      most = count;
      longest = &text;
    }
    if (longest == nullptr) return;
    add(Severity::kError, line, std::to_string(most) + " tokens in " + quote(*longest),
        "the model reads at most " + std::to_string(token_limit_));
  }

  void read_negatives(const ScannedLabelSet& scanned) {
    for (size_t i = 0; i < scanned.set.negatives.size() && !full(); ++i) {
      const std::string& negative = scanned.set.negatives[i];
      const int line = scanned.negative_lines[i];
      check_shown(negative, line);
      check_tokens({negative}, line);
      const auto [first, inserted] = negatives_.emplace(folded_label(negative), line);
      if (!inserted) warn(line, "negative again, first in line " + std::to_string(first->second));
    }
  }

  const fs::path& path_;
  const TokenCounter& count_tokens_;
  int token_limit_;
  std::vector<Finding> findings_;
  // Folded texts and the line each was first seen in.
  std::unordered_map<std::string, int> names_;
  std::unordered_map<std::string, int> match_texts_;
  std::unordered_map<std::string, int> negatives_;  // line 0: reported
};

}  // namespace

std::string_view severity_name(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

std::vector<Finding> lint_label_set(std::string_view content, const fs::path& path,
                                    const TokenCounter& count_tokens, int token_limit) {
  return Linter(path, count_tokens, token_limit).lint(content);
}

std::vector<Finding> lint_label_file(const fs::path& path, const TokenCounter& count_tokens,
                                     int token_limit) {
  try {
    return lint_label_set(read_file(path, kMaxLabelFileBytes, ErrorKind::kLabels), path, count_tokens,
                          token_limit);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kLabels) throw;
    return {{path, 0, Severity::kError, error.message(),
             "name a label file, or a set of `kiloword labels list`"}};
  }
}

}  // namespace kiloword
