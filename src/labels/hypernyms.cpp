#include "labels/hypernyms.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "kiloword/base/suggestion.h"

namespace kiloword {
namespace {

/// Names that are compared with every label to find what a slip was meant for.
constexpr size_t kMaxSuggestions = 16;

class Linker {
 public:
  Linker(std::vector<Label>& labels, const ScanReport& report) : labels_(labels), report_(report) {}

  void name(const std::vector<KindOf>& kinds) {
    std::unordered_map<std::string_view, size_t> by_name;
    for (size_t i = 0; i < labels_.size(); ++i) by_name.emplace(labels_[i].name, i);
    size_t unknown = 0;
    for (const KindOf& kind : kinds) {
      const auto found = by_name.find(kind.hypernym);
      if (found != by_name.end()) {
        labels_[kind.label].hypernym = found->second;
        continue;
      }
      std::string remedy;
      if (unknown++ < kMaxSuggestions) remedy = did_you_mean(close_names(kind.hypernym, names()));
      if (remedy.empty()) remedy = "give the hypernym a line of its own";
      report_(labels_[kind.label].line, "is-a names no label of the set: " + quote(kind.hypernym),
              std::move(remedy));
    }
  }

  /// Cuts circles open and takes off what lies too deep.
  void make_forest() {
    std::vector<size_t> heights(labels_.size(), kUnknown);  // names above a label
    for (size_t label = 0; label < labels_.size(); ++label) {
      if (heights[label] != kUnknown) continue;
      std::vector<size_t> chain;  // upwards, to a label whose height is known or that has no hypernym
      for (std::optional<size_t> at = label; at && heights[*at] == kUnknown; at = labels_[*at].hypernym) {
        heights[*at] = kBeingFound;
        chain.push_back(*at);
      }
      const std::optional<size_t> above = labels_[chain.back()].hypernym;
      if (above && heights[*above] == kBeingFound) report_circle(chain, *above);
      for (auto at = chain.rbegin(); at != chain.rend(); ++at) heights[*at] = height_of(*at, heights);
    }
  }

  void find_empty() {
    std::vector<bool> has_kinds(labels_.size());
    for (const Label& label : labels_) {
      if (label.hypernym) has_kinds[*label.hypernym] = true;
    }
    for (size_t i = 0; i < labels_.size(); ++i) {
      if (labels_[i].has_text || has_kinds[i]) continue;
      report_(labels_[i].line, "label " + quote(labels_[i].name) + " has neither a text nor kinds",
              "leave out 'match: none', or let labels name it with is-a");
    }
  }

 private:
  static constexpr size_t kUnknown = static_cast<size_t>(-1);
  static constexpr size_t kBeingFound = kUnknown - 1;

  const std::vector<std::string>& names() {
    if (names_.empty()) {
      for (const Label& label : labels_) names_.push_back(label.name);
    }
    return names_;
  }

  /// The circle from `first` up to the last of `chain`, whose hypernym `first` is.
  void report_circle(const std::vector<size_t>& chain, size_t first) {
    constexpr size_t kNamed = 4;
    Label& last = labels_[chain.back()];
    std::string circle;
    size_t named = 0;
    for (auto at = std::find(chain.begin(), chain.end(), first); at != chain.end(); ++at) {
      circle += ++named <= kNamed ? quote(labels_[*at].name) + " is a " : named == kNamed + 1 ? "... " : "";
    }
    last.hypernym.reset();
    report_(last.line, "is-a forms a cycle: " + circle + quote(labels_[first].name),
            "leave out one of these");
  }

  size_t height_of(size_t label, const std::vector<size_t>& heights) {
    std::optional<size_t>& above = labels_[label].hypernym;
    if (!above) return 0;
    if (heights[*above] < kMaxHypernyms) return heights[*above] + 1;
    above.reset();
    report_(labels_[label].line, "label " + quote(labels_[label].name) + " lies too deep",
            "a label has at most " + std::to_string(kMaxHypernyms) + " hypernyms above it");
    return 0;
  }

  std::vector<Label>& labels_;
  const ScanReport& report_;
  std::vector<std::string> names_;
};

}  // namespace

void link_hypernyms(std::vector<Label>& labels, const std::vector<KindOf>& kinds, const ScanReport& report) {
  Linker linker(labels, report);
  if (!kinds.empty()) {
    linker.name(kinds);
    linker.make_forest();
  }
  linker.find_empty();
}

}  // namespace kiloword
