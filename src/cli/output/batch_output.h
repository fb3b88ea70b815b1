#pragma once

#include <memory>

#include "cli/parser/options.h"
#include "kiloword/batch/input_lister.h"
#include "kiloword/batch/output_file.h"

namespace kiloword::cli {

/// The destination of a batch's rows.
struct BatchOutput {
  std::unique_ptr<RowSink> sink;
  OutputFile* file = nullptr;  ///< the sink, if it is a regular file
};

/// Throws Error(kUsage) if the existing file `output`, which is to be replaced, is one of the inputs in
/// `listing`, or could be because standard input lists them. A file of rows is not an image and not searched
/// for.
void refuse_listed_output(const std::string& output, ListingOptions listing);

/// Opens the output in `arguments`. Throws Error(kUsage) if it may not be replaced or is one of the inputs in
/// `listing` (inputs listed on standard input are not known yet), Error(kOutput) if it cannot be written.
BatchOutput open_batch_output(const BatchArguments& arguments, const ListingOptions& listing);

}  // namespace kiloword::cli
