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
/// name, those of `folder` itself first. The files are not opened. Throws Error(kLabels) if `folder` cannot
/// be listed.
std::vector<CatalogEntry> list_label_sets(const std::filesystem::path& folder);

/// A label set that takes part in scoring.
struct ChosenLabelSet {
  LabelSet set;
  bool selected = true;          ///< false: scored only for the gate of another set
  std::optional<OpenGate> gate;  ///< the set's gate, with indices of chosen sets and labels
  /// Images that define or strengthen labels of `set`; may be null.
  std::shared_ptr<const SetExamples> examples = nullptr;
};

/// Loads the sets called `names`, in order, each once. A name is, in order of precedence,
/// - a set of `folder`: `medium`, `nano/medium`;
/// - a group: all sets of a sub-folder, sorted by name: `nano`;
/// - a file: anything with a path separator or ending in `.txt`.
///
/// Sets that are needed only by gates of chosen sets follow, not selected. A gate's `SET` is a set in the
/// same folder as the file that names it (so in `nano/`, `medium` is `nano/medium`), else one of `folder`,
/// else a chosen one of that name.
///
/// Throws Error(kLabels) for an unknown name, suggesting similar ones; for a gate whose set or labels do not
/// exist; and like load_label_set().
std::vector<ChosenLabelSet> resolve_label_sets(const std::vector<std::string>& names,
                                               const std::filesystem::path& folder);

}  // namespace kiloword
