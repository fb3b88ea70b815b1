#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kiloword/base/descriptor.h"
#include "kiloword/batch/row_queue.h"

namespace kiloword {

/// The beginning of every row, by which outputs are recognised.
constexpr std::string_view kRowBeginning = "{\"schema\":";

/// How to treat an existing output.
enum class ExistingOutput { kRefuse, kResume, kOverwrite };

/// The output file of a batch, locked against other writers. May also be a device, a pipe or an open
/// descriptor (/dev/stdout), which cannot be resumed.
class OutputFile : public RowSink {
 public:
  /// Opens or creates the file and any missing parent folders. Throws Error(kUsage) if it has content that
  /// `existing` does not allow, Error(kOutput) if it cannot be written or another process is writing it.
  OutputFile(std::string path, ExistingOutput existing);

  /// Appends rows. If the disk is full, partly written ones are removed, so that the file ends with a whole
  /// row. Throws Error(kOutput), also like require_in_place().
  void write(std::string_view rows) override;
  /// Throws Error(kOutput) if the file has been removed or replaced, so that rows would be lost.
  void require_in_place() const;

  const std::string& path() const { return path_; }
  int descriptor() const { return file_.get(); }
  bool is_regular() const { return regular_; }
  /// Truncates the file to `size` bytes; later writes append there.
  void truncate(uint64_t size);
  /// Continues with the open, locked file `file`, which has replaced this one.
  void replace_by(Descriptor file) { file_ = std::move(file); }

 private:
  std::string path_;
  Descriptor file_;
  bool regular_ = false;
};

}  // namespace kiloword
