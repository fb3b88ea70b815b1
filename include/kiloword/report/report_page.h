#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/image/decode.h"
#include "kiloword/report/row_reader.h"

namespace kiloword {

/// Coverage of one label set.
struct SetSummary {
  uint64_t images = 0;  ///< images with a statement of the set, selected or not
  uint64_t said = 0;    ///< of these, images with a selected one
};

/// The summary of a report's rows.
struct ReportSummary {
  uint64_t images = 0;
  uint64_t described = 0;                  ///< by `describe`
  uint64_t silent = 0;                     ///< not failed, not described, and without a selected statement
  std::map<std::string, uint64_t> errors;  ///< failed images, by kind of error
  std::map<std::string, SetSummary> sets;  ///< by name
  uint64_t without_thumbnail = 0;          ///< images that did not fail, but cannot be read now

  void add(const ReportRow& row);
  uint64_t failed() const;
};

struct ReportOptions {
  std::vector<std::string> sources;               ///< names of the inputs, shown on the page
  std::string output;                             ///< the page's file, which must not be one of the images
  int thumbnail_px = 128;                         ///< of the longer side; 0: no thumbnails
  DecodeLimits limits;                            ///< for thumbnails
  int threads = 1;                                ///< for thumbnails
  std::function<bool()> stop;                     ///< called before every row: whether to stop
  std::function<void(uint64_t images)> progress;  ///< called after every row
};

/// Writes the remaining rows of `rows` as one self-contained HTML page. Passes it to `write` in pieces of
/// whole lines, in constant memory. Content of rows is never treated as markup or script. Image paths are
/// relative to the current folder; an unreadable image just has no thumbnail. Returns none if `stop` returned
/// true. Throws what `rows` and `write` throw, and Error(kUsage) at an image that is the output.
std::optional<ReportSummary> write_report(RowReader& rows, const ReportOptions& options,
                                          const std::function<void(std::string_view)>& write);

}  // namespace kiloword
