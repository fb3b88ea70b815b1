#include "kiloword/labels/examples.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "kiloword/base/error.h"
#include "kiloword/base/hash.h"
#include "kiloword/base/utf8.h"
#include "labels/label_line.h"
#include "labels/text_rules.h"

namespace kiloword {

bool is_label_name(const std::string& name) {
  if (printable(name) != name || trim(name) != name || name.empty() || name.front() == '#') return false;
  const std::optional<LabelLine> line = read_label_line(name, [](const std::string&, const std::string&) {});
  return line && line->label.name == name;
}

bool add_example(SetExamples& examples, const std::string& label, const std::vector<float>& picture) {
  const auto refuse_past = [](size_t count, size_t limit, const std::string& what) {
    if (count < limit) return;
    throw Error(ErrorKind::kUsage, "more than " + std::to_string(limit) + " " + what, "",
                "remove some with 'kiloword labels remove-examples'");
  };
  auto found = std::find_if(examples.labels.begin(), examples.labels.end(),
                            [&label](const LabelExamples& other) { return other.label == label; });
  if (found == examples.labels.end()) {
    refuse_past(examples.labels.size(), kMaxExampleLabels, "labels by example");
    found = examples.labels.insert(found, {label, {}});
  }
  if (std::find(found->pictures.begin(), found->pictures.end(), picture) != found->pictures.end())
    return false;
  refuse_past(found->pictures.size(), kMaxExamplePictures, "images of one label");
  found->pictures.push_back(picture);
  return true;
}

std::vector<float> stored_embedding(const float* values, size_t dim) {
  constexpr double kSteps = 1e6;
  std::vector<float> stored;
  stored.reserve(dim);
  for (size_t i = 0; i < dim; ++i) {
    stored.push_back(static_cast<float>(std::round(static_cast<double>(values[i]) * kSteps) / kSteps));
  }
  return stored;
}

void add_example_labels(LabelSet& set, const SetExamples& examples) {
  std::unordered_set<std::string> known;
  for (const Label& label : set.labels) known.insert(label.name);
  for (const LabelExamples& of_label : examples.labels) {
    if (!known.insert(of_label.label).second) continue;
    Label label;
    label.name = of_label.label;
    set.labels.push_back(std::move(label));
  }
}

std::string examples_fingerprint(const SetExamples& examples) {
  Fingerprint fingerprint;
  const auto add = [&fingerprint](const std::vector<std::vector<float>>& pictures) {
    for (const std::vector<float>& picture : pictures) {
      fingerprint.add({reinterpret_cast<const char*>(picture.data()), picture.size() * sizeof(float)});
    }
  };
  fingerprint.add(examples.model_fingerprint);
  add(examples.background);
  for (const LabelExamples& of_label : examples.labels) {
    fingerprint.add("label").add(of_label.label);
    add(of_label.pictures);
  }
  return fingerprint.hex();
}

}  // namespace kiloword
