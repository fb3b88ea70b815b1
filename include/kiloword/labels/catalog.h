#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/labels/examples.h"
#include "kiloword/labels/label_set.h"

namespace kiloword {

/// A label file of a labels folder.
struct CatalogEntry {
  std::string name;  ///< "medium" for FOLDER/medium.txt, "nano/medium" for FOLDER/nano/medium.txt
  std::filesystem::path path;
};

/// The `.txt` files of the labels folder `folder` and of its sub-folders (groups), one level deep, sorted by
/// name, those of `folder` itself first. They are not opened. Throws Error(kLabels) when `folder` cannot be
/// listed.
std::vector<CatalogEntry> list_label_sets(const std::filesystem::path& folder);

/// A label set that takes part in scoring.
struct ChosenLabelSet {
  LabelSet set;
  bool selected = true;          ///< false: scored only because the gate of another set looks at it
  std::optional<OpenGate> gate;  ///< the set's gate in indices of the list of chosen sets and of labels
  /// Images that define or strengthen labels, which are all in `set`; may be null.
  std::shared_ptr<const SetExamples> examples = nullptr;
};

/// Loads the sets that `names` give, in their order, each once. A name is, tried in this order,
/// - a set of `folder`: `medium`, `nano/medium`;
/// - a group, that is all sets of that sub-folder, sorted by name: `nano`;
/// - a file: anything with a path separator or ending in `.txt`.
///
/// After them follow, not selected, the sets that gates of the chosen ones use and that were not chosen. A
/// gate's `SET` is a set beside the file that names it (so inside `nano/`, `medium` is `nano/medium`), else
/// one of `folder`, else a chosen one of that name.
///
/// Throws Error(kLabels) for a name that is none of these, with the names that are close to it; for a gate
/// whose set or labels do not exist; and for whatever load_label_set throws.
std::vector<ChosenLabelSet> resolve_label_sets(const std::vector<std::string>& names,
                                               const std::filesystem::path& folder);

}  // namespace kiloword
