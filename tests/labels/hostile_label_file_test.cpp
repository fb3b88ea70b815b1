#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/labels/label_set.h"
#include "kiloword/labels/lint.h"

namespace kiloword {
namespace {

struct HostileFile {
  std::string name;
  std::string content;
  std::string error;  // the whole line
};

void PrintTo(const HostileFile& file, std::ostream* out) {
  *out << file.name;
}

/// A good header, then `labels`.
std::string with_labels(const std::string& labels) {
  return "category: x\nstatement: It is {label}.\n---\n" + labels;
}

/// A good set but for one more header line, the third.
std::string with_header(const std::string& line) {
  return "category: x\nstatement: It is {label}.\n" + line + "\n---\nlabel\n";
}

std::vector<HostileFile> hostile_files() {
  using namespace std::string_literals;
  const std::string text_limit = "; a text has at most 1000";
  const std::string options = "; options are match, say, with-text, article and is-a";
  const std::string write_template = "; write {label} where the label goes and {a} for its article";
  return {
      {"empty", "", "no 'category' in the header, f.txt:1; add a line such as 'category: objects'"},
      {"only_comments", "# one\n# two\n",
       "no 'category' in the header, f.txt:2; add a line such as 'category: objects'"},
      {"nul_bytes", with_labels("ca\0t\n"s),
       "control character U+0000, f.txt:4; label files are plain UTF-8 text"},
      {"escape_sequence", with_labels("\x1B[31mred\n"),
       "control character U+001B, f.txt:4; label files are plain UTF-8 text"},
      {"c1_control",
       with_labels("a\xC2\x85"
                   "b\n"),
       "control character U+0085, f.txt:4; label files are plain UTF-8 text"},
      {"old_mac_line_ends", "category: x\rstatement: {label}.\r---\rcat\r",
       "control character U+000D, f.txt:1; label files are plain UTF-8 text"},
      {"utf16_little",
       "\xFF\xFE"
       "c\0a\0"s,
       "UTF-16 text, f.txt:1; save the file as UTF-8"},
      {"utf16_big", "\xFE\xFF\0c\0a"s, "UTF-16 text, f.txt:1; save the file as UTF-8"},
      {"latin1", with_labels("caf\xE9\n"),
       "invalid UTF-8 at byte 4 of the line, f.txt:4; label files are plain UTF-8 text"},
      {"overlong_utf8", with_labels("\xC0\xAF\n"),
       "invalid UTF-8 at byte 1 of the line, f.txt:4; label files are plain UTF-8 text"},
      {"surrogate", with_labels("\xED\xA0\x80\n"),
       "invalid UTF-8 at byte 1 of the line, f.txt:4; label files are plain UTF-8 text"},
      {"a_picture", "\x89PNG\r\n\x1A\n",
       "invalid UTF-8 at byte 1 of the line, f.txt:1; label files are plain UTF-8 text"},
      {"huge_line", with_labels(std::string(10 << 20, 'x')),
       "line of 10485760 bytes, f.txt:4; a line of a label file has at most 16384"},
      {"long_label", with_labels(std::string(1001, 'x')),
       "text of 1001 bytes, '" + std::string(60, 'x') + "...', f.txt:4" + text_limit},
      {"long_option", with_labels("a | say: " + std::string(1001, 'x')),
       "text of 1001 bytes, '" + std::string(60, 'x') + "...', f.txt:4" + text_limit},
      {"no_separator", "category: x\nstatement: {label}.\ncat\ndog\n",
       "label 'cat' but no line '---' before it, f.txt:3; put '---' between the header and the labels"},
      {"only_a_header", "category: x\nstatement: {label}.\n",
       "no line '---', f.txt:2; put '---' between the header and the labels"},
      {"only_labels", "cat\ndog\n",
       "label 'cat' but no line '---' before it, f.txt:1; put '---' between the header and the labels"},
      {"header_without_colon", with_header("match"),
       "header line 'match' is not 'key: value', f.txt:3; labels follow the line '---'"},
      {"second_separator", with_labels("cat\n---\ndog\n"),
       "second line '---', f.txt:5; a label file has one, between the header and the labels"},
      {"no_labels", with_labels("# cat\n\n"),
       "no labels after the line '---', f.txt:5; write one label a line"},
      {"no_category", "statement: {label}.\n---\ncat\n",
       "no 'category' in the header, f.txt:2; add a line such as 'category: objects'"},
      {"no_statement", "category: x\n---\ncat\n",
       "no 'statement' in the header, f.txt:2; add a line such as 'statement: This is {a} {label}.'"},
      {"second_category", with_header("category: y"), "second 'category', f.txt:3; the first is in line 1"},
      {"second_statement", with_header("statement: {label}"),
       "second 'statement', f.txt:3; the first is in line 2"},
      {"two_word_category", "category: many things\n", "category 'many things' is not one word, f.txt:1"},
      {"slip_in_a_key", with_header("min-confidense: 1"),
       "unknown key 'min-confidense', f.txt:3; did you mean 'min-confidence'?"},
      {"unknown_key", with_header("prefix-for-all: 1"),
       "unknown key 'prefix-for-all', f.txt:3; keys are category, statement, match, negative, "
       "min-confidence, gate, "
       "description"},
      {"key_in_capitals", "Category: x\n", "unknown key 'Category', f.txt:1; did you mean 'category'?"},
      {"no_value", with_header("match:"), "no value for 'match', f.txt:3"},
      {"template_without_label", with_header("match: a photo"),
       "no {label} in a template: 'a photo', f.txt:3" + write_template},
      {"unknown_placeholder", with_header("match: {label} {x}"),
       "unknown placeholder '{x}': '{label} {x}', f.txt:3" + write_template},
      {"open_brace", with_header("match: {label"),
       "unbalanced '{' in a template: '{label', f.txt:3" + write_template},
      {"closing_brace", with_header("match: {label}}"),
       "unbalanced '}' in a template: '{label}}', f.txt:3" + write_template},
      {"placeholder_in_a_negative", with_header("negative: no {label}"),
       "placeholder in the negative 'no {label}', f.txt:3; negatives are complete texts"},
      {"confidence_over_one", with_header("min-confidence: 1.5"),
       "min-confidence '1.5' is not a number from 0 to 1, f.txt:3"},
      {"confidence_nan", with_header("min-confidence: nan"),
       "min-confidence 'nan' is not a number from 0 to 1, f.txt:3"},
      {"confidence_with_percent", with_header("min-confidence: 50 %"),
       "min-confidence '50 %' is not a number from 0 to 1, f.txt:3"},
      {"gate_without_labels", with_header("gate: medium"),
       "gate 'medium' names no set, f.txt:3; write 'gate: SET: label, label'"},
      {"gate_with_empty_label", with_header("gate: medium: a,,b"),
       "empty label in the gate 'medium: a,,b', f.txt:3; write 'gate: SET: label, label'"},
      {"gate_on_itself", with_header("gate: f: label"), "gate on the set itself, f.txt:3"},
      {"lone_bar", with_labels("|\n"),
       "'|' in '|', f.txt:4; options are separated by ' | ', with a space on both sides"},
      {"bar_without_space", with_labels("cat |say: dog\n"),
       "'|' in 'cat |say: dog', f.txt:4; options are separated by ' | ', with a space on both sides"},
      {"option_without_colon", with_labels("cat | dog\n"),
       "label option 'dog' is not 'key: value', f.txt:4" + options},
      {"option_without_value", with_labels("cat | say:\n"),
       "label option 'say:' is not 'key: value', f.txt:4" + options},
      {"unknown_option", with_labels("cat | means: dog\n"),
       "unknown label option 'means', f.txt:4" + options},
      {"second_option", with_labels("cat | say: a | say: b\n"), "second label option 'say', f.txt:4"},
      {"unknown_article", with_labels("cat | article: der\n"),
       "unknown article 'der', f.txt:4; articles are a, an, the and none"},
      {"second_article", with_labels("cat | article: a | article: an\n"),
       "second label option 'article', f.txt:4"},
      {"forged_line_in_an_error",
       "cat\xE2\x80\xA8"
       "dog: x\n",
       "unknown key 'cat\uFFFD"
       "dog', f.txt:1; keys are category, statement, match, negative, min-confidence, gate, "
       "description"},
  };
}

class HostileLabelFile : public ::testing::TestWithParam<HostileFile> {};

TEST_P(HostileLabelFile, IsRefusedInOneClearLine) {
  try {
    parse_label_set(GetParam().content, "f", "f.txt");
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kLabels);
    EXPECT_EQ(error.what(), GetParam().error);
  }
}

TEST_P(HostileLabelFile, LintReportsTheSameThing) {
  bool found = false;
  for (const Finding& finding : lint_label_set(GetParam().content, "f.txt")) {
    const Error error(ErrorKind::kLabels, finding.message, "f.txt:" + std::to_string(finding.line),
                      finding.remedy);
    found = found || (finding.severity == Severity::kError && error.what() == GetParam().error);
  }
  EXPECT_TRUE(found);
}

INSTANTIATE_TEST_SUITE_P(All, HostileLabelFile, ::testing::ValuesIn(hostile_files()),
                         [](const auto& file) { return file.param.name; });

TEST(HostileLabelFiles, TextsThatWouldTakeDaysToEmbedAreRefused) {
  std::string content = "category: x\nstatement: {label}.\n";
  for (int i = 0; i < 1000; ++i) content += "match: " + std::to_string(i) + " {label}\n";
  content += "---\n";
  for (int i = 0; i < 50'001; ++i) content += "x\n";
  try {
    parse_label_set(content, "f", "f.txt");
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "too many texts, labels times match templates, f.txt:1003; a set has at most 50000000");
  }
}

TEST(HostileLabelFiles, MillionsOfWrongLinesAreReadInLinearTime) {
  std::string content;
  for (int i = 0; i < 300'000; ++i) content += "no colon here\n";
  content += "---\nx\n";
  const std::vector<Finding> findings = lint_label_set(content, "f.txt");
  ASSERT_EQ(findings.size(), kMaxFindings + 1);
  EXPECT_EQ(findings.back().message, "more than 1000 findings");
}

}  // namespace
}  // namespace kiloword
