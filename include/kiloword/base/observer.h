#pragma once

#include <cstdint>
#include <string>

namespace kiloword {

/// Hears what happens while models and label sets are made ready. Whoever calls it calls from one thread at a
/// time. What it does with a text is its own affair: the library itself prints nothing.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// Something is wrong and has been passed over: a broken calibration.
  virtual void warning(const std::string& /*text*/) {}
  /// Something that everybody should know: that one model stands in for another.
  virtual void note(const std::string& /*text*/) {}
  /// Something that explains results: which files were used, how long loading took.
  virtual void detail(const std::string& /*text*/) {}
  /// `done` of `total` steps of `task` ("embedding label texts").
  virtual void progress(const std::string& /*task*/, int64_t /*done*/, int64_t /*total*/) {}
  /// The task that progress() told of has ended.
  virtual void progress_ended() {}
};

}  // namespace kiloword
