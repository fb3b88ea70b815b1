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
  uint64_t images = 0;  ///< with a statement of the set, selected or not
  uint64_t said = 0;    ///< of these, those with a selected one
};

/// The summary of a report's rows.
struct ReportSummary {
  uint64_t images = 0;
  uint64_t described = 0;                  ///< by `describe`
  uint64_t silent = 0;                     ///< neither failed nor described, without a selected statement
  std::map<std::string, uint64_t> errors;  ///< images that failed, by the kind of error
  std::map<std::string, SetSummary> sets;  ///< by name
  uint64_t without_thumbnail = 0;          ///< images that did not fail, and cannot be read now

  void add(const ReportRow& row);
  uint64_t failed() const;
};

struct ReportOptions {
  std::vector<std::string> sources;               ///< the inputs, as the page names them
  std::string output;                             ///< the page's file, which must be none of the images
  int thumbnail_px = 128;                         ///< of the longer side; 0: no thumbnails
  DecodeLimits limits;                            ///< for thumbnails
  int threads = 1;                                ///< that make thumbnails
  std::function<bool()> stop;                     ///< called before every row: whether to stop
  std::function<void(uint64_t images)> progress;  ///< called after every row
};

/// Writes the rows that `rows` still has as one HTML page that needs nothing else: no network and no other
/// file. `write` gets it in pieces that end in ends of line; memory does not grow with the number of rows.
/// Everything in rows is data there, never markup or program. Paths of images are relative to the current
/// folder; an image that cannot be read only has no thumbnail. Returns none if `stop` returned
/// true. Throws what `rows` and `write` throw, and Error(kUsage) at an image that is the output.
std::optional<ReportSummary> write_report(RowReader& rows, const ReportOptions& options,
                                          const std::function<void(std::string_view)>& write);

}  // namespace kiloword
