#include "kiloword/labels/label_set.h"

#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "labels/scanner.h"
#include "labels/template.h"

namespace kiloword {

LabelSet parse_label_set(std::string_view content, std::string name, const std::filesystem::path& path) {
  const auto refuse = [&path](int line, std::string message, std::string remedy) {
    throw Error(ErrorKind::kLabels, std::move(message), path.string() + ":" + std::to_string(line),
                std::move(remedy));
  };
  return scan_label_set(content, std::move(name), path, refuse).set;
}

LabelSet load_label_set(const std::filesystem::path& path, std::string name) {
  return parse_label_set(read_file(path, kMaxLabelFileBytes, ErrorKind::kLabels), std::move(name), path);
}

std::vector<std::string> match_texts(const LabelSet& set, const Label& label) {
  std::vector<std::string> texts;
  if (!label.has_text) return texts;
  texts.reserve(set.match_templates.size());
  for (const std::string& match_template : set.match_templates) {
    texts.push_back(fill_template(match_template, label.match_text(), label.article));
  }
  return texts;
}

std::string statement_text(const LabelSet& set, const Label& label) {
  return fill_template(set.statement, label.say_text(), label.article);
}

}  // namespace kiloword
