#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/pipeline/record.h"

namespace kiloword {

/// The fields of a record (schema 1) of `caption`, `batch` or `describe` that a report shows. Texts are valid
/// UTF-8.
struct ReportRow {
  std::string path;            ///< exact bytes, from `path_base64` if present
  std::optional<Error> error;  ///< set: nothing below is
  std::string caption;
  std::vector<StatementRecord> statements;  ///< without `text`
  std::vector<ExplainedSet> explained;      ///< empty without --explain
  std::string description;                  ///< of `describe` only
  std::optional<double> cosine;             ///< -1..1, of the description with the image
  int width = 0;                            ///< pixels
  int height = 0;                           ///< likewise
  std::string model;
  std::string language_model;
  std::vector<WordEvidence> words;  ///< content words of the description with their support, if any
};

/// Parses one untrusted line of a JSONL file. Throws Error(kInput) without a place for anything but such a
/// record: invalid JSON or UTF-8, another schema, a missing or invalid field.
ReportRow parse_report_row(std::string_view line);

}  // namespace kiloword
