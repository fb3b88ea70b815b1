#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/descriptor.h"
#include "kiloword/report/report_row.h"

namespace kiloword {

/// The lines of a file that are not records.
struct SkippedLines {
  std::string file;
  uint64_t lines = 0;       ///< whole lines
  uint64_t first_line = 0;  ///< number of the first one, from 1
  std::string first_reason;
  bool torn_end = false;  ///< the last line is incomplete, probably still being written
};

/// Reads the records of JSONL files one by one, in the order of the files, in constant memory.
class RowReader {
 public:
  /// `files`: "-" is standard input, at most once. Throws Error(kInput) if one cannot be opened.
  explicit RowReader(const std::vector<std::string>& files);

  /// The next record; none at the end. Blank lines are ignored; a line that is not a record, or is longer
  /// than a mebibyte, is skipped. Throws Error(kInput) if reading fails, and for a non-empty file without any
  /// record.
  std::optional<ReportRow> next();

  /// The lines skipped so far; files without such lines are not listed.
  const std::vector<SkippedLines>& skipped() const { return skipped_; }

 private:
  struct Source {
    std::string name;
    Descriptor file;
  };

  bool fill();
  std::optional<ReportRow> read_line(std::string_view line);
  std::optional<ReportRow> read_end();
  void pass_over(const std::string& reason);

  std::vector<Source> sources_;
  size_t source_ = 0;      // index of the current source
  std::string buffer_;     // of the current source
  size_t begin_ = 0;       // start of the next line in buffer_
  size_t searched_ = 0;    // offset up to which there is no line end
  bool too_long_ = false;  // the beginning of the next line was discarded
  uint64_t line_ = 0;      // lines read from the current source
  uint64_t rows_ = 0;      // of these, records
  SkippedLines found_;     // in the current source
  std::vector<SkippedLines> skipped_;
};

}  // namespace kiloword
