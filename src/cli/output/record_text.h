#pragma once

#include <string>

#include "cli/parser/options.h"

namespace kiloword::cli {

// Write a record (schema 1, one line) to standard output: as it is, or as text for people, which is nothing
// for a failed record. Throw Error(kModel) for JSON that is not such a record. `with_path`: prefix the text
// with the image's path.

void write_caption(const std::string& record, Format format, bool with_path);
void write_description(const std::string& record, Format format, bool with_path);
void write_scores(const std::string& record, Format format, bool with_path);

}  // namespace kiloword::cli
