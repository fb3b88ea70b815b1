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
  kGitBlobSha1,  ///< small ones: git's blob hash
};

/// The kind of the hash `name`, a blob's name or a checksum, by its length; none if it is not a hash.
std::optional<HashKind> hash_kind_of(std::string_view name);

/// An incremental hash.
class FileHash {
 public:
  /// `size_bytes` is the total length, which git hashes first.
  FileHash(HashKind kind, uint64_t size_bytes);
  ~FileHash();
  FileHash(FileHash&&) noexcept;
  FileHash& operator=(FileHash&&) noexcept;
  FileHash(const FileHash&) = delete;
  FileHash& operator=(const FileHash&) = delete;

  void update(std::string_view bytes);
  /// Returns lower-case hexadecimal digits. No update() may follow.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Calls `use` with the first `size_bytes` bytes of the open file `fd`, in parts. Returns 0 or an errno; EIO
/// if the file is shorter.
int read_in_parts(int fd, uint64_t size_bytes, const std::function<void(std::string_view)>& use);

/// The hash of a whole file. Throws Error(kModel) if it cannot be read.
std::string hash_file(const std::filesystem::path& path, HashKind kind);

}  // namespace kiloword
