#include "kiloword/labels/catalog.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/suggestion.h"
#include "labels/text_rules.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".txt";

bool is_file(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed) && !fs::is_directory(path, failed);
}

/// Whether `name` can be that of a set or group: one or two path components that stay inside the labels
/// folder.
bool is_catalog_name(const std::string& name) {
  const size_t slash = name.find('/');
  const auto plain = [](const std::string& part) {
    return !part.empty() && part.front() != '.' && part.find('/') == std::string::npos;
  };
  if (name.find('\0') != std::string::npos) return false;
  if (slash == std::string::npos) return plain(name);
  return plain(name.substr(0, slash)) && plain(name.substr(slash + 1));
}

bool looks_like_file(const std::string& name) {
  return name.find('/') != std::string::npos || fs::path(name).extension() == kExtension;
}

/// The label files right in `folder`, sorted; their names get `prefix`.
std::vector<CatalogEntry> files_in(const fs::path& folder, const std::string& prefix) {
  std::error_code failed;
  std::vector<CatalogEntry> entries;
  for (fs::directory_iterator file(folder, failed), end; !failed && file != end; file.increment(failed)) {
    const std::string name = prefix + file->path().stem().string();
    if (file->path().extension() == kExtension && is_catalog_name(name) && is_file(file->path())) {
      entries.push_back({name, file->path()});
    }
  }
  if (failed) {
    throw Error(ErrorKind::kLabels, "cannot list label sets: " + errno_message(failed.value()),
                folder.string(), "reinstall kiloword or set KILOWORD_DATA");
  }
  std::sort(entries.begin(), entries.end(),
            [](const CatalogEntry& a, const CatalogEntry& b) { return a.name < b.name; });
  return entries;
}

std::vector<std::string> groups_of(const fs::path& folder) {
  std::error_code failed;
  std::vector<std::string> groups;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code unreadable;
    const std::string name = entry->path().filename().string();
    if (entry->is_directory(unreadable) && is_catalog_name(name)) groups.push_back(name);
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

/// The same for all paths to one file.
fs::path identity(const fs::path& path) {
  std::error_code failed;
  const fs::path canonical = fs::weakly_canonical(path, failed);
  return failed ? path : canonical;
}

[[noreturn]] void throw_unknown(const std::string& name, const fs::path& folder) {
  std::vector<std::string> known = groups_of(folder);
  for (const CatalogEntry& entry : list_label_sets(folder)) known.push_back(entry.name);
  std::string remedy = did_you_mean(close_names(name, known));
  remedy += remedy.empty() ? "run `kiloword labels list`" : " run `kiloword labels list`";
  throw Error(ErrorKind::kLabels, "unknown label set " + quote(name), "", remedy);
}

/// The files that one name stands for.
std::vector<CatalogEntry> find_sets(const std::string& name, const fs::path& folder) {
  if (is_catalog_name(name)) {
    const fs::path file = folder / (name + std::string(kExtension));
    if (is_file(file)) return {{name, file}};
    std::error_code failed;
    if (name.find('/') == std::string::npos && fs::is_directory(folder / name, failed)) {
      std::vector<CatalogEntry> group = files_in(folder / name, name + "/");
      if (!group.empty()) return group;
    }
  }
  if (!looks_like_file(name)) throw_unknown(name, folder);
  std::error_code failed;
  if (fs::is_directory(name, failed)) {
    throw Error(ErrorKind::kLabels, "is a directory", name, "name the label files in it");
  }
  if (fs::exists(name, failed)) return {{fs::path(name).stem().string(), name}};
  if (is_catalog_name(name) && fs::path(name).extension() != kExtension) throw_unknown(name, folder);
  throw Error(ErrorKind::kLabels, "no such label file", name,
              "run `kiloword labels list` for the sets by name");
}

class Resolver {
 public:
  explicit Resolver(const fs::path& folder) : folder_(folder) {}

  std::vector<ChosenLabelSet> resolve(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      for (const CatalogEntry& entry : find_sets(name, folder_)) {
        if (!find_chosen(entry.path)) load(entry, true);
      }
    }
    const size_t selected = chosen_.size();  // gates of sets that are never said do not matter
    chosen_.reserve(2 * selected);           // a gate adds at most one set: references stay valid
    for (size_t i = 0; i < selected; ++i) {
      if (chosen_[i].set.gate) chosen_[i].gate = open(chosen_[i].set);
    }
    return std::move(chosen_);
  }

 private:
  std::optional<size_t> find_chosen(const fs::path& path) const {
    const auto found = std::find(identities_.begin(), identities_.end(), identity(path));
    if (found == identities_.end()) return std::nullopt;
    return static_cast<size_t>(found - identities_.begin());
  }

  size_t load(const CatalogEntry& entry, bool selected) {
    ChosenLabelSet chosen;
    chosen.set = load_label_set(entry.path, entry.name);
    chosen.selected = selected;
    chosen_.push_back(std::move(chosen));
    identities_.push_back(identity(entry.path));
    return chosen_.size() - 1;
  }

  /// The set that the gate of `set` looks at; loaded if need be.
  size_t watched_by(const LabelSet& set) {
    const std::string& name = set.gate->set;
    if (is_catalog_name(name)) {
      const std::string file = name + std::string(kExtension);
      const size_t slash = set.name.rfind('/');
      const std::string group = slash == std::string::npos ? "" : set.name.substr(0, slash + 1);
      const std::vector<CatalogEntry> places{{group + name, set.path.parent_path() / file},
                                             {name, folder_ / file}};
      for (const CatalogEntry& place : places) {
        if (const auto chosen = find_chosen(place.path)) return *chosen;
        if (is_file(place.path)) return load(place, false);
      }
    }
    const auto same_name = std::find_if(chosen_.begin(), chosen_.end(), [&name](const ChosenLabelSet& other) {
      return other.set.name == name;
    });
    if (same_name != chosen_.end()) return static_cast<size_t>(same_name - chosen_.begin());
    throw Error(ErrorKind::kLabels, "gate on the unknown label set " + quote(name), set.path.string(),
                "run `kiloword labels list`");
  }

  /// The gate of `set` in indices.
  OpenGate open(const LabelSet& set) {
    OpenGate opened;
    opened.set = watched_by(set);
    const LabelSet& watched = chosen_[opened.set].set;
    std::unordered_map<std::string_view, bool> found;  // whether the watched set has the label
    for (const std::string& label : set.gate->labels) found[label] = false;
    for (size_t i = 0; i < watched.labels.size(); ++i) {
      bool opens = false;  // itself, or as a kind of what is listed
      for (std::optional<size_t> at = i; at; at = watched.labels[*at].hypernym) {
        const auto listed = found.find(watched.labels[*at].name);
        if (listed == found.end()) continue;
        listed->second = true;
        opens = true;
      }
      if (opens) opened.labels.push_back(i);
    }
    for (const std::string& label : set.gate->labels) {
      if (found[label]) continue;
      throw Error(ErrorKind::kLabels,
                  "gate on " + quote(label) + ", which is not a label of " + quote(watched.name),
                  set.path.string(), "run `kiloword labels show " + watched.name + "`");
    }
    return opened;
  }

  const fs::path& folder_;
  std::vector<ChosenLabelSet> chosen_;
  std::vector<fs::path> identities_;  // of chosen_, one each
};

}  // namespace

std::vector<CatalogEntry> list_label_sets(const fs::path& folder) {
  std::vector<CatalogEntry> entries = files_in(folder, "");
  for (const std::string& group : groups_of(folder)) {
    const std::vector<CatalogEntry> members = files_in(folder / group, group + "/");
    entries.insert(entries.end(), members.begin(), members.end());
  }
  return entries;
}

std::vector<ChosenLabelSet> resolve_label_sets(const std::vector<std::string>& names,
                                               const fs::path& folder) {
  return Resolver(folder).resolve(names);
}

}  // namespace kiloword
