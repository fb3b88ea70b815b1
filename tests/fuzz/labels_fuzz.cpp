#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/labels/label_set.h"
#include "kiloword/labels/label_tree.h"
#include "kiloword/labels/lint.h"

namespace {

using kiloword::Error;
using kiloword::ErrorKind;
using kiloword::Finding;
using kiloword::Label;
using kiloword::LabelSet;
using kiloword::LabelTree;
using kiloword::Severity;

constexpr size_t kTriedLabels = 20;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_set(const LabelSet& set) {
  require(!set.labels.empty() && !set.prompt_templates.empty() && !set.category.empty());
  for (size_t i = 0; i < std::min(set.labels.size(), kTriedLabels); ++i) {
    const Label& label = set.labels[i];
    require(!label.name.empty() && kiloword::is_valid_utf8(label.name));
    const std::vector<std::string> texts = kiloword::label_prompts(set, label);
    require(texts.size() == (label.has_text ? set.prompt_templates.size() : 0));
    for (const std::string& text : texts) require(text.find(label.match_text()) != std::string::npos);
    require(kiloword::statement_text(set, label).find(label.say_text()) != std::string::npos);
  }
}

void check_tree(const LabelSet& set) {
  const std::shared_ptr<const LabelTree> tree = LabelTree::of(set);
  if (!tree) return;
  require(tree->size() == set.labels.size());
  for (size_t i = 0; i < tree->size(); ++i) {
    require(tree->path(i).size() <= kiloword::kMaxHypernyms + 1);
    require(tree->has_text(i) || tree->has_kinds(i));
    require(tree->information(i) >= 0 && tree->information(i) <= 1);
  }
}

bool is_refused(std::string_view content) {
  try {
    const LabelSet set = kiloword::parse_label_set(content, "fuzz", "fuzz.txt");
    check_set(set);
    check_tree(set);
    return false;
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::kLabels && kiloword::is_valid_utf8(error.what()));
    return true;
  }
}

}  // namespace

/// Whatever the bytes: a label set that keeps its promises, or one clear error that lint reports too.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  const bool refused = is_refused(content);
  const auto count_bytes = [](const std::string& text) { return static_cast<int>(text.size()); };
  const std::vector<Finding> findings = kiloword::lint_label_set(content, "fuzz.txt", count_bytes, 77);
  int line = 1;
  bool has_error = false;
  for (const Finding& finding : findings) {
    require(finding.line >= line && kiloword::is_valid_utf8(finding.message));
    line = finding.line;
    has_error = has_error || finding.severity == Severity::kError;
  }
  require(!refused || has_error);
  return 0;
}
