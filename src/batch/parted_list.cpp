#include "kiloword/batch/parted_list.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

constexpr size_t kBlockBytes = 1 << 16;

}  // namespace

PartedList::PartedList(std::string file, uint64_t parts, char separator)
    : file_(std::move(file)), parts_(parts), separator_(separator), whole_(file_) {}

void PartedList::add(const std::string& path) {
  if (separator_ == '\n' && path.find_first_of("\r\n") != std::string::npos) {
    throw Error(ErrorKind::kInput, "the path has a line break", path,
                "write the list with -0, and read it with --files0-from");
  }
  waiting_ += path;
  waiting_ += separator_;
  ++size_;
  if (waiting_.size() < kBlockBytes) return;
  whole_.write(waiting_);
  waiting_.clear();
}

void PartedList::finish() {
  whole_.write(std::exchange(waiting_, {}));
  if (parts_ > 0) {
    write_parts();
  } else {
    whole_.sync();
    whole_.commit();
  }
}

void PartedList::write_parts() {
  std::array<char, kBlockBytes> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by pread
  off_t read_to = 0;
  std::string_view rest;
  uint64_t copied = 0;  // paths
  for (uint64_t number = 1; number <= parts_; ++number) {
    AtomicFile part(part_name(number));
    // Whole numbers: size * number may not fit into 64 bits.
    const uint64_t end = size_ / parts_ * number + size_ % parts_ * number / parts_;
    while (copied < end) {
      if (rest.empty()) {
        const ssize_t count = ::pread(whole_.descriptor(), block.data(), block.size(), read_to);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
          throw Error(ErrorKind::kOutput, count < 0 ? errno_message(errno) : "the list has shrunk", file_);
        }
        read_to += count;
        rest = std::string_view(block.data(), static_cast<size_t>(count));
      }
      size_t bytes = 0;
      while (copied < end && bytes < rest.size()) copied += rest[bytes++] == separator_ ? 1U : 0U;
      part.write(rest.substr(0, bytes));
      rest.remove_prefix(bytes);
    }
    part.sync();
    part.commit();
  }
}

}  // namespace kiloword
