#include "kiloword/base/output_target.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 40;  // as the kernel

/// Whether `folder` is where the system lists the open descriptors of this process.
bool is_descriptor_folder(const fs::path& folder) {
  std::error_code failed;
  const fs::path place = fs::canonical(folder, failed);
  if (failed) return false;
  return place == "/proc/" + std::to_string(::getpid()) + "/fd" || place == "/proc/self/fd";
}

/// The open descriptor that `path` names, as "-", /dev/stdout and /proc/self/fd/1 do.
std::optional<int> named_descriptor(fs::path path) {
  if (path == "-") return STDOUT_FILENO;
  for (int i = 0; i < kMaxLinks; ++i) {
    const std::string name = path.filename().string();
    int fd = -1;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), fd);
    const bool number = bad == std::errc() && end == name.data() + name.size() && fd >= 0;
    if (number && is_descriptor_folder(path.parent_path())) return fd;
    std::error_code failed;
    const fs::path target = fs::read_symlink(path, failed);
    if (failed) return std::nullopt;
    path = path.parent_path() / target;
  }
  return std::nullopt;
}

}  // namespace

OutputKind output_kind(const fs::path& path) {
  if (named_descriptor(path)) return OutputKind::kStream;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return OutputKind::kAbsent;
  return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) ? OutputKind::kFile : OutputKind::kStream;
}

Descriptor open_stream(const fs::path& path) {
  const std::optional<int> open_already = named_descriptor(path);
  Descriptor stream(open_already ? ::fcntl(*open_already, F_DUPFD_CLOEXEC, 0)
                                 : ::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (stream.get() < 0) {
    throw Error(ErrorKind::kOutput, "cannot write: " + errno_message(errno), path.string());
  }
  return stream;
}

fs::path behind_links(const fs::path& path) {
  fs::path target = path;
  for (int i = 0; i < kMaxLinks; ++i) {
    std::error_code failed;
    const fs::path next = fs::read_symlink(target, failed);
    if (failed) return target;
    target = target.parent_path() / next;  // an absolute one replaces it
  }
  return path;
}

void refuse_existing_output(const fs::path& output) {
  if (output_kind(output) != OutputKind::kFile) return;
  throw Error(ErrorKind::kUsage, "the output already exists", output.string(),
              "replace it with --overwrite, or name another file");
}

bool is_same_file(const fs::path& a, const fs::path& b) {
  struct stat first {};
  struct stat second {};
  return ::stat(a.c_str(), &first) == 0 && S_ISREG(first.st_mode) && ::stat(b.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

void refuse_input_as_output(const fs::path& output, const std::vector<std::string>& inputs) {
  const bool no_file = output.empty() || output == "-" || output_kind(output) != OutputKind::kFile;
  if (no_file) return;
  const auto same = std::find_if(inputs.begin(), inputs.end(), [&](const std::string& input) {
    return !input.empty() && is_same_file(output, input == "-" ? "/dev/stdin" : input);
  });
  if (same == inputs.end()) return;
  const std::string what = *same == output.string() ? "is both an input and the output"
                           : *same == "-"           ? "is the file on standard input"
                                                    : "is the same file as the input " + *same;
  throw Error(ErrorKind::kUsage, what, output.string(), "write to another file");
}

}  // namespace kiloword
