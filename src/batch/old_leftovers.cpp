#include "batch/old_leftovers.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <unordered_set>

#include "kiloword/base/atomic_file.h"
#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "kiloword/base/output_target.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// Whether `name` is that of `output` with a dot and six letters and digits of more than one kind: no word,
/// no date.
bool is_old_temporary_name(const std::string& name, const std::string& output) {
  constexpr size_t kRandomLetters = 6;
  if (name.size() != output.size() + 1 + kRandomLetters ||
      name.compare(0, output.size() + 1, output + ".") != 0)
    return false;
  bool has_digit = false;
  bool has_lower = false;
  bool has_upper_inside = false;
  for (size_t i = output.size() + 1; i < name.size(); ++i) {
    const char c = name[i];
    if (c >= '0' && c <= '9') {
      has_digit = true;
    } else if (c >= 'a' && c <= 'z') {
      has_lower = true;
    } else if (c >= 'A' && c <= 'Z') {
      has_upper_inside = has_upper_inside || i > output.size() + 1;
    } else {
      return false;
    }
  }
  return has_upper_inside && (has_lower || has_digit);
}

/// A row that failed does not stand for one that did not.
uint64_t key_of(const RowPlace& row) {
  return row.identity ^ (row.failed ? 1U : 0U);
}

bool holds_rows_of(const Descriptor& file, const std::string& path,
                   const std::unordered_set<uint64_t>& keys) {
  const RowScan scan = scan_rows(file.get(), 0, path);
  return scan.broken_lines == 0 && std::all_of(scan.rows.begin(), scan.rows.end(), [&](const RowPlace& row) {
           return keys.count(key_of(row)) > 0;
         });
}

void remove_if_left(const fs::path& path, const RowScan& rows) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return;
  const bool may_be_ours = S_ISREG(status.st_mode) && (status.st_mode & 07777U) == 0600 &&
                           status.st_uid == ::geteuid() && status.st_nlink == 1;
  if (!may_be_ours || !lock_file(file.get())) return;
  std::unordered_set<uint64_t> keys;
  for (const RowPlace& row : rows.rows) keys.insert(key_of(row));
  try {
    if (holds_rows_of(file, path.string(), keys)) ::unlink(path.c_str());
  } catch (const Error&) {
    // no rows: it is somebody else's
  }
}

}  // namespace

void remove_old_leftovers(const std::string& output, const RowScan& rows) {
  const fs::path target = behind_links(output);
  const std::string name = target.filename().string();
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (is_old_temporary_name(entry->path().filename().string(), name)) remove_if_left(entry->path(), rows);
  }
}

}  // namespace kiloword
