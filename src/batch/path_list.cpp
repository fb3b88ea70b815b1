#include "kiloword/batch/path_list.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "kiloword/base/byte_order_mark.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

constexpr size_t kMaxPathBytes = 1 << 16;

Error no_list(int error, const std::string& name) {
  return {ErrorKind::kInput, "not a list of images: " + errno_message(error), name,
          "give a file that holds paths, or '-' for standard input"};
}

}  // namespace

PathList::PathList(const std::string& file, char separator)
    : name_(file == "-" ? "standard input" : file),
      separator_(separator),
      file_(file == "-" ? ::dup(STDIN_FILENO) : ::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (file_.get() < 0) {
    throw no_list(errno, name_);
  }
}

bool PathList::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  std::array<char, 1 << 14> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  ssize_t count = 0;
  do {
    count = ::read(file_.get(), block.data(), block.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw no_list(errno, name_);
  buffer_.append(block.data(), static_cast<size_t>(count));
  return count > 0;
}

std::optional<std::string> PathList::next() {
  size_t searched = begin_;
  for (;;) {
    size_t end = buffer_.find(separator_, searched);
    if (end == std::string::npos && !ended_) {
      searched = buffer_.size() - begin_;  // fill() moves the rest to the front
      if (searched > kMaxPathBytes) throw Error(ErrorKind::kInput, "a path of more than 65536 bytes", name_);
      ended_ = !fill();
      continue;
    }
    if (end == std::string::npos && begin_ == buffer_.size()) return std::nullopt;
    end = std::min(end, buffer_.size());
    std::string path = buffer_.substr(begin_, end - begin_);
    begin_ = std::min(end + 1, buffer_.size());
    searched = begin_;
    if (separator_ == '\n') {
      if (std::exchange(first_, false)) path = std::string(without_byte_order_mark(path));
      if (path.find('\0') != std::string::npos) {
        throw Error(ErrorKind::kInput, "a NUL byte in a list of lines", name_,
                    "read paths that end in NUL bytes with --files0-from");
      }
      if (!path.empty() && path.back() == '\r') path.pop_back();
    }
    if (!path.empty()) return path;
  }
}

}  // namespace kiloword
