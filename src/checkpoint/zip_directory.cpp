#include "checkpoint/zip_directory.h"

#include <algorithm>
#include <cstdint>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr std::string_view kLocalHeader = "PK\x03\x04";
constexpr std::string_view kDirectoryEntry = "PK\x01\x02";
constexpr std::string_view kEnd = "PK\x05\x06";
constexpr std::string_view kZip64Locator = "PK\x06\x07";
constexpr std::string_view kZip64End = "PK\x06\x06";
constexpr uint64_t kEndBytes = 22;
constexpr uint64_t kMaxComment = 65535;
constexpr uint16_t kZip64Field = 1;
constexpr uint32_t kIn64Bits = 0xFFFFFFFF;  // the value stands in a zip64 field
constexpr uint16_t kIn64BitsShort = 0xFFFF;
constexpr uint16_t kEncrypted = 1;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::kModel, what, "", "download the model again");
}

/// Little-endian numbers at places that are checked.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  uint64_t size() const { return bytes_.size(); }

  std::string_view slice(uint64_t begin, uint64_t count) const {
    if (begin > bytes_.size() || count > bytes_.size() - begin) fail("truncated zip archive");
    return bytes_.substr(begin, count);
  }
  uint16_t u16(uint64_t at) const { return static_cast<uint16_t>(number(at, 2)); }
  uint32_t u32(uint64_t at) const { return static_cast<uint32_t>(number(at, 4)); }
  uint64_t u64(uint64_t at) const { return number(at, 8); }

 private:
  uint64_t number(uint64_t at, uint64_t count) const {
    uint64_t value = 0;
    const std::string_view digits = slice(at, count);
    for (size_t i = digits.size(); i-- > 0;) value = (value << 8) | static_cast<unsigned char>(digits[i]);
    return value;
  }

  std::string_view bytes_;
};

struct Directory {
  uint64_t begin = 0;
  uint64_t bytes = 0;
  uint64_t entries = 0;
};

/// Where the record at the archive's end begins; a comment may follow it.
uint64_t find_end(const Bytes& archive) {
  if (archive.size() < kEndBytes) fail("truncated zip archive");
  const uint64_t last = archive.size() - kEndBytes;
  const uint64_t first = last - std::min(last, kMaxComment);
  for (uint64_t at = last + 1; at-- > first;) {
    if (archive.slice(at, kEnd.size()) == kEnd && archive.u16(at + 20) == last - at) return at;
  }
  fail("truncated zip archive: it has no directory");
}

Directory find_directory(const Bytes& archive) {
  const uint64_t end = find_end(archive);
  Directory directory{archive.u32(end + 16), archive.u32(end + 12), archive.u16(end + 10)};
  const bool is_zip64 =
      directory.begin == kIn64Bits || directory.bytes == kIn64Bits || directory.entries == kIn64BitsShort;
  constexpr uint64_t kLocatorBytes = 20;
  if (!is_zip64) return directory;
  if (end < kLocatorBytes || archive.slice(end - kLocatorBytes, kZip64Locator.size()) != kZip64Locator)
    fail("zip archive has no zip64 locator");
  const uint64_t record = archive.u64(end - kLocatorBytes + 8);
  if (archive.slice(record, kZip64End.size()) != kZip64End) fail("zip archive has no zip64 record");
  return {archive.u64(record + 48), archive.u64(record + 40), archive.u64(record + 32)};
}

struct Entry {
  std::string name;
  uint64_t local_header = 0;
  uint64_t bytes = 0;
  uint64_t entry_bytes = 0;  ///< of the entry itself
  bool is_plain = false;     ///< stored as it is
};

/// Takes from the zip64 field of an entry's `extra` fields what did not fit into 32 bits.
void read_zip64_field(std::string_view extra, uint64_t& bytes, uint64_t& stored, uint64_t& header) {
  const Bytes fields(extra);
  for (uint64_t at = 0; at + 4 <= fields.size();) {
    const uint16_t kind = fields.u16(at);
    const uint16_t length = fields.u16(at + 2);
    at += 4;
    if (kind != kZip64Field) {
      at += length;
      continue;
    }
    const Bytes field(fields.slice(at, length));
    uint64_t next = 0;
    for (uint64_t* value : {&bytes, &stored, &header}) {
      if (*value != kIn64Bits) continue;
      *value = field.u64(next);
      next += 8;
    }
    return;
  }
}

Entry read_entry(const Bytes& directory, uint64_t at) {
  constexpr uint64_t kFixedBytes = 46;
  if (directory.slice(at, kDirectoryEntry.size()) != kDirectoryEntry) fail("ill-formed zip directory");
  const uint16_t flags = directory.u16(at + 8);
  const uint16_t method = directory.u16(at + 10);
  uint64_t stored = directory.u32(at + 20);
  const uint64_t name_bytes = directory.u16(at + 28);
  const uint64_t extra_bytes = directory.u16(at + 30);
  const uint64_t comment_bytes = directory.u16(at + 32);
  Entry entry;
  entry.bytes = directory.u32(at + 24);
  entry.local_header = directory.u32(at + 42);
  entry.name = directory.slice(at + kFixedBytes, name_bytes);
  read_zip64_field(directory.slice(at + kFixedBytes + name_bytes, extra_bytes), entry.bytes, stored,
                   entry.local_header);
  entry.entry_bytes = kFixedBytes + name_bytes + extra_bytes + comment_bytes;
  entry.is_plain = (flags & kEncrypted) == 0 && method == 0 && stored == entry.bytes;
  return entry;
}

std::string_view member_bytes(const Bytes& archive, const Entry& entry) {
  constexpr uint64_t kFixedBytes = 30;
  const uint64_t at = entry.local_header;
  if (archive.slice(at, kFixedBytes).substr(0, kLocalHeader.size()) != kLocalHeader)
    fail("zip member \"" + entry.name + "\" is not where the directory says");
  const uint64_t head = kFixedBytes + archive.u16(at + 26) + archive.u16(at + 28);
  archive.slice(at, head);  // checks that what follows begins inside the archive
  return archive.slice(at + head, entry.bytes);
}

}  // namespace

bool looks_like_zip(std::string_view bytes) {
  return bytes.substr(0, kLocalHeader.size()) == kLocalHeader;
}

ZipMembers parse_zip_directory(std::string_view bytes) {
  const Bytes archive(bytes);
  const Directory where = find_directory(archive);
  const Bytes directory(archive.slice(where.begin, where.bytes));
  ZipMembers members;
  uint64_t at = 0;
  for (uint64_t i = 0; i < where.entries; ++i) {
    Entry entry = read_entry(directory, at);
    at += entry.entry_bytes;
    std::optional<std::string_view> content;
    if (entry.is_plain) content = member_bytes(archive, entry);
    if (!members.emplace(entry.name, content).second)
      fail("zip archive has the member \"" + entry.name + "\" twice");
  }
  return members;
}

std::string_view stored_member(const ZipMembers& members, const std::string& name) {
  const auto found = members.find(name);
  if (found == members.end()) fail("checkpoint lacks its part " + name);
  if (!found->second) fail("part " + name + " of the checkpoint is compressed, as PyTorch's are not");
  return *found->second;
}

}  // namespace kiloword
