#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/pipeline/record.h"

namespace kiloword {

/// What a report shows of one record (schema 1) of `caption`, `batch` or `describe`. Texts are valid UTF-8.
struct ReportRow {
  std::string path;            ///< the bytes of the path, from `path_base64` where the record has it
  std::optional<Error> error;  ///< set: nothing below is
  std::string caption;
  std::vector<StatementRecord> statements;  ///< `text` is left aside
  std::vector<ExplainedSet> explained;      ///< empty without --explain
  std::string description;                  ///< of `describe` only
  std::optional<double> cosine;             ///< -1..1, of the description with the image
  int width = 0;                            ///< pixels
  int height = 0;                           ///< likewise
  std::string model;
  std::string language_model;
  std::vector<WordEvidence> words;  ///< content words of the description and their support, if it has any
};

/// Reads one line of a JSONL file, which is untrusted. Throws Error(kInput) without a place for what is no
/// such record: no JSON in UTF-8, another schema, a field that is missing or invalid.
ReportRow parse_report_row(std::string_view line);

}  // namespace kiloword
