#pragma once

#include <memory>

#include "cli/parser/options.h"
#include "kiloword/batch/input_lister.h"
#include "kiloword/batch/output_file.h"

namespace kiloword::cli {

/// Where the rows of a batch go.
struct BatchOutput {
  std::unique_ptr<RowSink> sink;
  OutputFile* file = nullptr;  ///< the sink, where it is a regular file
};

/// Throws Error(kUsage) when one of the files that `listing` gives is the file `output` that is to be
/// replaced, or may be, where standard input lists them. Files of rows are no images, and not looked for.
void refuse_listed_output(const std::string& output, ListingOptions listing);

/// Opens the output that `arguments` name. Throws Error(kUsage) when it may not be replaced, or is one of the
/// inputs that `listing` gives (those that only standard input will name are not known yet), Error(kOutput)
/// when it cannot be written.
BatchOutput open_batch_output(const BatchArguments& arguments, const ListingOptions& listing);

}  // namespace kiloword::cli
