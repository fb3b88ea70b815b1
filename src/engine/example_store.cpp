#include "kiloword/engine/example_store.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "kiloword/base/atomic_file.h"
#include "kiloword/base/file.h"
#include "kiloword/base/hash.h"
#include "kiloword/base/paths.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExtension = ".json";

[[noreturn]] void throw_cannot_write(int error, const fs::path& path) {
  throw Error(ErrorKind::kOutput, "cannot write: " + errno_message(error), path.string());
}

}  // namespace

LabelSet load_named_set(const std::string& name) {
  std::vector<ChosenLabelSet> sets = resolve_label_sets({name}, data_directory() / "labels");
  const auto selected =
      std::count_if(sets.begin(), sets.end(), [](const ChosenLabelSet& chosen) { return chosen.selected; });
  if (selected != 1) {
    throw Error(ErrorKind::kUsage, name + " is a group of label sets", "", "name one of them");
  }
  return std::move(sets.front().set);
}

fs::path examples_folder(const LabelSet& set) {
  fs::path folder = user_data_directory();
  if (folder.empty()) return folder;
  const bool installed = set.path == data_directory() / "labels" / (set.name + ".txt");
  std::error_code failed;
  fs::path place = fs::weakly_canonical(set.path, failed);
  if (failed) place = set.path;
  Fingerprint fingerprint;
  fingerprint.add(installed ? "installed" : "file").add(installed ? set.name : place.string());
  return folder / "examples" / fingerprint.hex();
}

fs::path examples_file(const fs::path& folder, const std::string& model_fingerprint) {
  return folder / (model_fingerprint + kExtension);
}

std::vector<fs::path> example_files(const fs::path& folder) {
  std::vector<fs::path> files;
  if (folder.empty()) return files;
  std::error_code failed;
  for (fs::directory_iterator file(folder, failed), end; !failed && file != end; file.increment(failed)) {
    if (file->path().extension() == kExtension) files.push_back(file->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<SetExamples> read_examples(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  return parse_examples(read_file(file, kMaxExampleBytes, ErrorKind::kLabels), file);
}

void write_examples(const fs::path& file, const SetExamples& examples) {
  if (examples.labels.empty()) {
    std::error_code failed;
    fs::remove(file, failed);
    if (failed) throw_cannot_write(failed.value(), file);
    return;
  }
  AtomicFile written(file);
  written.write(examples_json(examples));
  written.sync();
  written.commit();
}

Descriptor lock_examples(const fs::path& folder) {
  if (folder.empty()) {
    throw Error(ErrorKind::kOutput, "no place for examples", "", "set HOME or XDG_DATA_HOME");
  }
  std::error_code ignored;  // whatever is wrong with the path shows when the file is opened
  fs::create_directories(folder, ignored);
  const fs::path path = folder / "lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (file.get() < 0) throw_cannot_write(errno, path);
  while (::flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) throw_cannot_write(errno, path);
  }
  return file;
}

}  // namespace kiloword
