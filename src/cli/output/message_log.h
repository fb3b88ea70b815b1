#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cli/output/console.h"
#include "kiloword/base/utf8.h"

namespace kiloword::cli {

/// Collects messages of worker threads, to be printed on the main thread.
class MessageLog {
 public:
  void add_error(const Error& error) {
    add([error](Console& console) { console.error(error); });
  }
  void add_kept_sidecar(const std::string& path) {
    ++kept_sidecars_;
    add([path](Console& console) {
      console.warning(printable(path) + ": already exists and is kept; replace it with --overwrite");
    });
  }
  /// No statement was selected for an image, so no sidecar was written.
  void add_no_sidecar() { ++without_sidecar_; }
  void tell(Console& console) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& message : messages_) message(console);
    messages_.clear();
  }
  uint64_t kept_sidecars() const { return kept_sidecars_; }
  uint64_t without_sidecar() const { return without_sidecar_; }

 private:
  void add(std::function<void(Console&)> message) {
    const std::lock_guard<std::mutex> lock(mutex_);
    messages_.push_back(std::move(message));
  }

  std::mutex mutex_;
  std::vector<std::function<void(Console&)>> messages_;
  std::atomic<uint64_t> kept_sidecars_{0};
  std::atomic<uint64_t> without_sidecar_{0};
};

}  // namespace kiloword::cli
