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
  uint64_t first_line = 0;  ///< the first of them, counted from 1
  std::string first_reason;
  bool torn_end = false;  ///< the text after the last end of line is no record: it was being written
};

/// Reads the records of JSONL files one by one, in the order of the files; memory does not grow with them.
class RowReader {
 public:
  /// `files`: "-" is standard input, once at most. Throws Error(kInput) when one cannot be opened.
  explicit RowReader(const std::vector<std::string>& files);

  /// The next record; none at the end. Blank lines are ignored; a line that is not a record, or is longer
  /// than a mebibyte, is skipped. Throws Error(kInput) if reading fails, and for a file with lines none of
  /// which is a record.
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
  size_t source_ = 0;      // that is read now
  std::string buffer_;     // of it, from begin_ on
  size_t begin_ = 0;       // of the next line
  size_t searched_ = 0;    // no end of line between begin_ and this
  bool too_long_ = false;  // the next line has lost its beginning
  uint64_t line_ = 0;      // lines of it that were read
  uint64_t rows_ = 0;      // records among them
  SkippedLines found_;     // in it
  std::vector<SkippedLines> skipped_;
};

}  // namespace kiloword
