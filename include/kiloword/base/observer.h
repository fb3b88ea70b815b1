#pragma once

#include <cstdint>
#include <string>

namespace kiloword {

/// Receives progress and diagnostics while models and label sets load. Called from one thread at a time. The
/// library itself prints nothing.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// A problem that was skipped, such as a broken calibration.
  virtual void warning(const std::string& /*text*/) {}
  /// Something that every user should know, such as that another model is used instead.
  virtual void note(const std::string& /*text*/) {}
  /// Something that explains results, such as files used or loading time.
  virtual void detail(const std::string& /*text*/) {}
  /// `done` of `total` steps of `task` ("embedding label texts").
  virtual void progress(const std::string& /*task*/, int64_t /*done*/, int64_t /*total*/) {}
  /// The task reported by progress() has ended.
  virtual void progress_ended() {}
};

}  // namespace kiloword
