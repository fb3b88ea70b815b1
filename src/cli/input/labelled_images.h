#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/input/open_engine.h"
#include "cli/output/console.h"
#include "cli/parser/options.h"
#include "kiloword/evaluation/judged_image.h"

namespace kiloword::cli {

/// An image of known class with its scores.
struct LabelledImage {
  std::string path;
  std::string class_name;                ///< the name of its folder, or the class in the list
  const std::vector<SetScores>& scores;  ///< for every set of the bank
};

/// Scores all images in `options` and passes them to `use`, in order. Errors of unreadable images are
/// reported on stderr; returns their number. Throws Error(kInput) for a list with a line that is not
/// PATH<TAB>CLASS, and if there is no image at all.
size_t for_each_labelled_image(const LabelledOptions& options, const Engine& engine, const LabelBank& bank,
                               Console& console, const std::function<void(const LabelledImage&)>& use);

/// The map from the classes of `options` to labels of `set`. Throws Error(kInput) for an invalid --map file.
ClassMap load_class_map(const LabelledOptions& options, const LabelSet& set);

/// The label set `name`, embedded, followed by the sets that its gate depends on. Throws Error(kUsage) for a
/// group.
std::shared_ptr<const LabelBank> open_one_set(const std::string& name, const Engine& engine, RankRule rule);

}  // namespace kiloword::cli
