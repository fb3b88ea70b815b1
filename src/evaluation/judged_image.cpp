#include "kiloword/evaluation/judged_image.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/byte_order_mark.h"
#include "kiloword/base/error.h"
#include "kiloword/base/suggestion.h"

namespace kiloword {
namespace {

/// Lower case of ASCII, with spaces for what stands for them in file names.
std::string simplified(const std::string& name) {
  std::string simple;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    simple += c == '_' || c == '-' ? ' ' : upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return simple;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end = text.find(separator); end != std::string::npos; end = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

/// JudgedImage::true_rank
size_t rank_of(const std::vector<size_t>& truth, const SetScores& scores, const LabelTree* tree) {
  const auto has_text = [tree](size_t label) { return tree == nullptr || tree->has_text(label); };
  const auto is_true = [&](size_t label) {
    return std::any_of(truth.begin(), truth.end(), [&](size_t true_label) {
      return label == true_label || (tree != nullptr && tree->is_a(label, true_label));
    });
  };
  std::optional<size_t> best;
  for (size_t i = 0; i < scores.cosines.size(); ++i) {
    if (has_text(i) && is_true(i) && (!best || scores.cosines[i] > scores.cosines[*best])) best = i;
  }
  if (!best) return 0;
  size_t rank = 1;
  for (size_t i = 0; i < scores.cosines.size(); ++i) {
    const float cosine = scores.cosines[*best];
    if (has_text(i) && (scores.cosines[i] > cosine || (scores.cosines[i] == cosine && i < *best))) ++rank;
  }
  return rank;
}

}  // namespace

ClassMap::ClassMap(const LabelSet& set) {
  for (size_t i = 0; i < set.labels.size(); ++i) labels_.emplace(simplified(set.labels[i].name), i);
}

void ClassMap::read(std::string_view content, const std::string& path) {
  int number = 0;
  for (std::string line : split(std::string(without_byte_order_mark(content)), '\n')) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    const std::string place = path + ":" + std::to_string(number);
    const size_t tab = line.find('\t');
    if (tab == 0 || tab == std::string::npos) {
      throw Error(ErrorKind::kInput, "no class and labels with a tab between", place,
                  "write lines CLASS<TAB>LABEL|LABEL");
    }
    std::vector<size_t>& labels = by_class_[line.substr(0, tab)];
    if (tab + 1 == line.size()) continue;
    for (const std::string& name : split(line.substr(tab + 1), '|')) {
      const auto found = labels_.find(simplified(name));
      if (found == labels_.end()) {
        std::vector<std::string> known;
        for (const auto& [label, index] : labels_) known.push_back(label);
        throw Error(ErrorKind::kInput, "the label set has no label " + quote(name), place,
                    did_you_mean(close_names(name, known)));
      }
      labels.push_back(found->second);
    }
    std::sort(labels.begin(), labels.end());
  }
}

std::vector<size_t> ClassMap::labels_of(const std::string& name) const {
  if (const auto mapped = by_class_.find(name); mapped != by_class_.end()) return mapped->second;
  const auto found = labels_.find(simplified(name));
  return found == labels_.end() ? std::vector<size_t>() : std::vector<size_t>{found->second};
}

bool is_true_of(const LabelTree* tree, const std::vector<size_t>& truth, size_t label) {
  return std::any_of(truth.begin(), truth.end(), [&](size_t true_label) {
    return true_label == label || (tree != nullptr && tree->is_a(true_label, label));
  });
}

bool JudgedImage::is_true() const {
  const auto said_name = std::find_if(names.begin(), names.end(),
                                      [this](const JudgedName& name) { return name.label == best.label; });
  return said_name == names.end() ? is_top1() : said_name->is_true;
}

JudgedImage judge(const Candidate& candidate, const SetScores& scores, const std::vector<size_t>& truth,
                  const LabelTree* tree) {
  JudgedImage judged;
  judged.out_of_set = truth.empty();
  judged.best = candidate.best;
  judged.said = candidate.said();
  judged.rejection = candidate.rejection;
  judged.true_rank = rank_of(truth, scores, tree);
  if (tree == nullptr) return judged;
  for (const ScoredLabel& name : candidate.path) {
    const bool is_exact = std::find(truth.begin(), truth.end(), name.label) != truth.end();
    judged.names.push_back({name.label, name.confidence, tree->information(name.label),
                            is_true_of(tree, truth, name.label), is_exact});
  }
  return judged;
}

}  // namespace kiloword
