#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

enum class HashKind {
  kSha256,       ///< large files of the hub
  kGitBlobSha1,  ///< small ones: what git calls a file of this content
};

/// The kind of hash that `name`, a blob's name or a checksum, is by its length; none when it is no hash.
std::optional<HashKind> hash_kind_of(std::string_view name);

/// A hash of content that comes in parts.
class FileHash {
 public:
  /// `size_bytes` is the length of the whole content, which git hashes first.
  FileHash(HashKind kind, uint64_t size_bytes);
  ~FileHash();
  FileHash(FileHash&&) noexcept;
  FileHash& operator=(FileHash&&) noexcept;
  FileHash(const FileHash&) = delete;
  FileHash& operator=(const FileHash&) = delete;

  void update(std::string_view bytes);
  /// Lower-case hexadecimal digits; nothing can be added afterwards.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Calls `use` with the first `size_bytes` bytes of the open file `fd`, a part at a time. Returns 0, or the
/// errno of what went wrong; EIO when the file is shorter.
int read_in_parts(int fd, uint64_t size_bytes, const std::function<void(std::string_view)>& use);

/// The hash of a whole file. Throws Error(kModel) when it cannot be read.
std::string hash_file(const std::filesystem::path& path, HashKind kind);

}  // namespace kiloword
