#include "kiloword/models/verify.h"

#include <algorithm>
#include <system_error>

#include "kiloword/base/error.h"
#include "models/file_hash.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// What the registry says of a file; an entry without facts where it says nothing.
RepositoryFile known_file(const HubModel* known, const std::string& name) {
  if (known != nullptr) {
    for (const FileChoice& choice : known->files) {
      for (const RepositoryFile& file : choice.alternatives) {
        if (file.name == name) return file;
      }
    }
  }
  return {name, std::nullopt, ""};
}

/// The name of the blob that a file of a snapshot is a link to; empty when it is no such link.
std::string blob_name(const fs::path& file) {
  std::error_code failed;
  const fs::path target = fs::read_symlink(file, failed);
  return !failed && target.parent_path().filename() == "blobs" ? target.filename().string() : "";
}

FileCheck check_file(const fs::path& path, const RepositoryFile& known) {
  FileCheck check{known.name, FileVerdict::kUnknown, ""};
  std::error_code failed;
  const uint64_t size = fs::file_size(path, failed);
  if (failed) {
    check.verdict = FileVerdict::kMissing;
    check.detail = "its content is missing";
    return check;
  }
  if (known.size_bytes && *known.size_bytes != size) {
    check.verdict = FileVerdict::kWrong;
    check.detail = std::to_string(size) + " bytes instead of " + std::to_string(*known.size_bytes);
    return check;
  }
  const std::string expected = known.sha256.empty() ? blob_name(path) : known.sha256;
  const std::optional<HashKind> kind = hash_kind_of(expected);
  if (!kind) return check;
  const std::string found = hash_file(path, *kind);
  check.verdict = found == expected ? FileVerdict::kRight : FileVerdict::kWrong;
  if (found != expected) check.detail = "checksum " + found + " instead of " + expected;
  return check;
}

bool has_one_of(const std::vector<FileCheck>& checks, const FileChoice& choice) {
  return std::any_of(
      choice.alternatives.begin(), choice.alternatives.end(), [&checks](const RepositoryFile& file) {
        return std::any_of(checks.begin(), checks.end(),
                           [&file](const FileCheck& check) { return check.name == file.name; });
      });
}

}  // namespace

std::vector<FileCheck> verify_model(const ModelEntry& model, const HubModel* known,
                                    const std::function<void(const std::string& file)>& next) {
  std::vector<FileCheck> checks;
  if (!fs::is_directory(model.folder)) {
    next(model.folder.filename().string());
    checks.push_back(check_file(model.folder, {model.folder.filename().string(), std::nullopt, ""}));
    return checks;
  }
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(model.folder)) {
    std::error_code ignored;
    if (!entry.is_directory(ignored)) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    next(name);
    checks.push_back(check_file(model.folder / name, known_file(known, name)));
  }
  if (known == nullptr) return checks;
  for (const FileChoice& choice : known->files) {
    if (!choice.required || has_one_of(checks, choice)) continue;
    checks.push_back({choice.alternatives.front().name, FileVerdict::kMissing, "it is not there"});
  }
  return checks;
}

}  // namespace kiloword
