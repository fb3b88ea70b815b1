#include "models/blob_download.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "models/file_hash.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kWorthwhileBytes = 1 << 20;  // an attempt that brought so much was not in vain
constexpr std::chrono::milliseconds kLockPoll{100};

[[noreturn]] void throw_cannot_write(int error, const fs::path& path) {
  throw Error(ErrorKind::kOutput, "cannot write: " + errno_message(error), path.string(),
              error == ENOSPC
                  ? "free some space, or name another folder with HF_HUB_CACHE"
                  : "the Hugging Face cache must be writable; HF_HUB_CACHE can name another folder");
}

fs::path incomplete_file(const fs::path& blob) {
  return blob.string() + ".incomplete";
}

/// The size of a regular file; none when there is no such file.
std::optional<uint64_t> size_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<uint64_t>(status.st_size);
}

bool is_here(const fs::path& blob, const BlobTask& task) {
  return size_of(blob) == task.facts.size_bytes;
}

/// Makes `path`'s folder and opens it for reading and writing.
Descriptor open_in_cache(const fs::path& path) {
  std::error_code ignored;  // whatever is wrong with the path shows when the file is opened
  fs::create_directories(path.parent_path(), ignored);
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (file.get() < 0) throw_cannot_write(errno, path);
  return file;
}

/// The lock that huggingface_hub takes as well; it is given back when the descriptor is closed.
Descriptor lock_blob(const fs::path& path, const BlobHooks& hooks, const std::function<bool()>& stop) {
  Descriptor file = open_in_cache(path);
  bool told = false;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw_cannot_write(errno, path);
    if (!told) hooks.waiting();
    told = true;
    wait_unless_stopped(kLockPoll, stop);
  }
  return file;
}

/// The file that grows, and the hash of what is in it.
class GrowingBlob {
 public:
  GrowingBlob(const BlobTask& task, fs::path path)
      : task_(task), path_(std::move(path)), file_(open_in_cache(path_)) {
    expected_ = task.sha256.empty() ? task.facts.blob_name : task.sha256;
    kind_ = hash_kind_of(expected_);
    adopt();
  }

  uint64_t bytes() const { return bytes_; }
  uint64_t kept() const { return kept_; }
  bool is_whole() const { return bytes_ == task_.facts.size_bytes; }

  void restart() {
    if (::ftruncate(file_.get(), 0) != 0) throw_cannot_write(errno, path_);
    bytes_ = kept_ = 0;
    if (kind_) hash_.emplace(*kind_, task_.facts.size_bytes);
  }

  void append(std::string_view bytes) {
    if (bytes.size() > task_.facts.size_bytes - bytes_) {
      remove();
      throw Error(
          ErrorKind::kModel,
          "the server sent more than the announced " + std::to_string(task_.facts.size_bytes) + " bytes",
          task_.repository + "/" + task_.file, "pull again later");
    }
    ::lseek(file_.get(), static_cast<off_t>(bytes_), SEEK_SET);
    if (const int error = write_descriptor(file_.get(), bytes)) throw_cannot_write(error, path_);
    if (hash_) hash_->update(bytes);
    bytes_ += bytes.size();
  }

  /// Whether the whole content is the expected one; can be asked once.
  bool is_right() { return !hash_ || hash_->finish() == expected_; }

  void remove() const { ::unlink(path_.c_str()); }

  /// Gives the content its name, once it is on the disk.
  void publish(const fs::path& blob) {
    if (::fsync(file_.get()) != 0) throw_cannot_write(errno, path_);
    if (::rename(path_.c_str(), blob.c_str()) != 0) throw_cannot_write(errno, blob);
    const Descriptor folder(::open(blob.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0) ::fsync(folder.get());
  }

 private:
  /// Goes on with what an earlier pull left, where a hash will tell in the end whether that was right.
  void adopt() {
    const uint64_t left = size_of(path_).value_or(0);
    if (left == 0 || !kind_ || left > task_.facts.size_bytes) return restart();
    hash_.emplace(*kind_, task_.facts.size_bytes);
    const int error =
        read_in_parts(file_.get(), left, [this](std::string_view bytes) { hash_->update(bytes); });
    if (error != 0) return restart();
    bytes_ = kept_ = left;
  }

  const BlobTask& task_;
  fs::path path_;
  Descriptor file_;
  std::string expected_;
  std::optional<HashKind> kind_;
  std::optional<FileHash> hash_;
  uint64_t bytes_ = 0;
  uint64_t kept_ = 0;
};

/// Fetches what is missing of `blob`, in as many attempts as it takes.
void fill(GrowingBlob& blob, const BlobTask& task, HubClient& client, const BlobHooks& hooks) {
  client.retry([&]() -> std::optional<Setback> {
    if (blob.is_whole()) return std::nullopt;
    const uint64_t before = blob.bytes();
    std::optional<Setback> setback = client.fetch(
        task.repository, task.facts, task.file, before, [&] { blob.restart(); },
        [&](std::string_view bytes) {
          blob.append(bytes);
          hooks.progress(blob.bytes(), blob.kept());
        });
    if (!setback && !blob.is_whole()) {
      setback = Setback{{ErrorKind::kModel, "the transfer ended early", task.repository + "/" + task.file,
                         "pull again to resume it"},
                        std::nullopt};
    }
    if (setback && !blob.is_whole()) {
      setback->progressed = blob.bytes() >= before + kWorthwhileBytes;
      return setback;
    }
    return std::nullopt;
  });
}

}  // namespace

uint64_t bytes_here(const HubCache& cache, const BlobTask& task) {
  const fs::path blob = cache.blob(task.repository, task.facts.blob_name);
  if (is_here(blob, task)) return task.facts.size_bytes;
  const uint64_t left = size_of(incomplete_file(blob)).value_or(0);
  return left <= task.facts.size_bytes ? left : 0;
}

void download_blob(const BlobTask& task, HubClient& client, const HubCache& cache, const BlobHooks& hooks) {
  const fs::path path = cache.blob(task.repository, task.facts.blob_name);
  if (is_here(path, task)) return;
  const Descriptor lock =
      lock_blob(cache.lock_file(task.repository, task.facts.blob_name), hooks, client.stop());
  if (is_here(path, task)) return;  // while this one waited
  GrowingBlob blob(task, incomplete_file(path));
  hooks.progress(blob.bytes(), blob.kept());
  fill(blob, task, client, hooks);
  bool right = blob.is_right();
  if (!right && blob.kept() > 0) {  // what an earlier pull left may have been the wrong part
    blob.restart();
    fill(blob, task, client, hooks);
    right = blob.is_right();
  }
  if (!right) {
    blob.remove();
    throw Error(ErrorKind::kModel, "the downloaded file has a wrong checksum",
                task.repository + "/" + task.file,
                "pull again; if it happens again, do not trust the server or a proxy on the way");
  }
  blob.publish(path);
}

}  // namespace kiloword
