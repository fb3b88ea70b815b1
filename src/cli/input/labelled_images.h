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

/// An image of a known class with its scores.
struct LabelledImage {
  std::string path;
  std::string class_name;                ///< the name of its folder, or what the list says
  const std::vector<SetScores>& scores;  ///< of every set of the bank
};

/// Scores all images that `options` name and hands them to `use`, in order. Those that cannot be read are
/// told on stderr. Returns how many these are. Throws Error(kInput) for a list with a line that is no
/// PATH<TAB>CLASS, and where there is no image at all.
size_t for_each_labelled_image(const LabelledOptions& options, const Engine& engine, const LabelBank& bank,
                               Console& console, const std::function<void(const LabelledImage&)>& use);

/// How the classes that `options` name map to labels of `set`. Throws Error(kInput) for a broken --map.
ClassMap load_class_map(const LabelledOptions& options, const LabelSet& set);

/// The one set that `name` stands for, embedded, with the sets that its gate looks at behind it. Throws
/// Error(kUsage) for a group.
std::shared_ptr<const LabelBank> open_one_set(const std::string& name, const Engine& engine, RankRule rule);

}  // namespace kiloword::cli
