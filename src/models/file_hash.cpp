#include "models/file_hash.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/models/hub_names.h"

namespace kiloword {

std::optional<HashKind> hash_kind_of(std::string_view name) {
  if (is_sha256(name)) return HashKind::kSha256;
  if (is_commit(name)) return HashKind::kGitBlobSha1;  // git's hash of a file has the form of a commit's
  return std::nullopt;
}

struct FileHash::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }

  static void require(int result) {
    if (result != 1) throw Error(ErrorKind::kInternal, "libcrypto cannot compute a hash");
  }
};

FileHash::FileHash(HashKind kind, uint64_t size_bytes) : state_(std::make_unique<State>()) {
  const EVP_MD* method = kind == HashKind::kSha256 ? EVP_sha256() : EVP_sha1();
  State::require(EVP_DigestInit_ex(state_->context, method, nullptr));
  if (kind != HashKind::kGitBlobSha1) return;
  const std::string header = "blob " + std::to_string(size_bytes);
  update(header);
  update(std::string_view("\0", 1));
}

FileHash::~FileHash() = default;
FileHash::FileHash(FileHash&&) noexcept = default;
FileHash& FileHash::operator=(FileHash&&) noexcept = default;

void FileHash::update(std::string_view bytes) {
  State::require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

std::string FileHash::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  State::require(EVP_DigestFinal_ex(state_->context, digest.data(), &size));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 0xF];
  }
  return text;
}

int read_in_parts(int fd, uint64_t size_bytes, const std::function<void(std::string_view)>& use) {
  std::vector<char> buffer(1 << 20);
  uint64_t offset = 0;
  while (offset < size_bytes) {
    const auto wanted = static_cast<size_t>(std::min<uint64_t>(buffer.size(), size_bytes - offset));
    const ssize_t count = ::pread(fd, buffer.data(), wanted, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return EIO;
    use({buffer.data(), static_cast<size_t>(count)});
    offset += static_cast<uint64_t>(count);
  }
  return 0;
}

std::string hash_file(const std::filesystem::path& path, HashKind kind) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    throw Error(ErrorKind::kModel, errno_message(errno), path.string());
  }
  if (!S_ISREG(status.st_mode)) throw Error(ErrorKind::kModel, "not a regular file", path.string());
  const auto size = static_cast<uint64_t>(status.st_size);
  FileHash hash(kind, size);
  const int error = read_in_parts(file.get(), size, [&hash](std::string_view bytes) { hash.update(bytes); });
  if (error != 0) throw Error(ErrorKind::kModel, "cannot read: " + errno_message(error), path.string());
  return hash.finish();
}

}  // namespace kiloword
