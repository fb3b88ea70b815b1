#include "kiloword/labels/label_set.h"

#include <string>
#include <unordered_map>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/suggestion.h"
#include "labels/folded_label.h"
#include "labels/scanner.h"
#include "labels/template.h"

namespace kiloword {

LabelSet parse_label_set(std::string_view content, std::string name, const std::filesystem::path& path) {
  const auto refuse = [&path](int line, std::string message, std::string remedy) {
    throw Error(ErrorKind::kLabels, std::move(message), path.string() + ":" + std::to_string(line),
                std::move(remedy));
  };
  LabelSet set = scan_label_set(content, std::move(name), path, refuse).set;
  // Two of a kind would share one probability.
  std::unordered_map<std::string, int> lines;
  for (const Label& label : set.labels) {
    const auto [first, inserted] = lines.emplace(folded_label(label.name), label.line);
    if (!inserted) {
      refuse(label.line, "label " + quote(label.name) + " again",
             "the first is in line " + std::to_string(first->second) + "; remove one, or merge them");
    }
  }
  return set;
}

LabelSet load_label_set(const std::filesystem::path& path, std::string name) {
  return parse_label_set(read_file(path, kMaxLabelFileBytes, ErrorKind::kLabels), std::move(name), path);
}

std::vector<std::string> label_prompts(const LabelSet& set, const Label& label) {
  std::vector<std::string> texts;
  if (!label.has_text) return texts;
  texts.reserve(set.prompt_templates.size());
  for (const std::string& prompt_template : set.prompt_templates) {
    texts.push_back(fill_template(prompt_template, label.match_text(), label.article));
  }
  return texts;
}

std::string statement_text(const LabelSet& set, const Label& label, bool has_text) {
  return fill_template(set.statement, has_text ? label.say_with_text() : label.say_text(), label.article);
}

}  // namespace kiloword
