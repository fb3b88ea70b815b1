#include "cli/output/batch_output.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "cli/output/output.h"
#include "kiloword/base/output_target.h"
#include "kiloword/batch/merge.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;

class StandardOutput : public RowSink {
 public:
  void write(std::string_view rows) override { write_text(rows); }
};

class NoOutput : public RowSink {
 public:
  void write(std::string_view /*rows*/) override {}
};

/// Whether `path` may be an image or a list: it has content, which does not begin as rows do.
bool may_be_an_input(const std::string& path) {
  std::error_code failed;
  const bool has_content = fs::is_regular_file(path, failed) && fs::file_size(path, failed) > 0 && !failed;
  if (!has_content) return false;
  std::string beginning(kRowBeginning.size(), '\0');
  std::ifstream(path, std::ios::binary)
      .read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  return beginning != kRowBeginning;
}

/// Throws Error(kUsage) when one of the files that `listing` gives is the output that is to be replaced.
void refuse_listed_output(const std::string& output, ListingOptions listing) {
  if (!may_be_an_input(output)) return;
  NameFilter images;
  images.hidden = true;
  const bool from_stdin = listing.files_from == "-" || listing.files0_from == "-";
  if (from_stdin && images.accepts_file(output)) {
    throw Error(ErrorKind::kUsage, "is an image, which standard input may list", output,
                "write to another file");
  }
  listing.names_only = true;
  listing.shard = Shard();
  if (listing.files_from == "-") listing.files_from.clear();
  if (listing.files0_from == "-") listing.files0_from.clear();
  InputLister lister(listing);
  while (const auto input = lister.next()) {
    if (!input->archive_member) refuse_input_as_output(output, {input->path});
  }
}

}  // namespace

BatchOutput open_batch_output(const BatchArguments& arguments, const ListingOptions& listing) {
  BatchOutput output;
  if (arguments.output.empty()) {
    output.sink = std::make_unique<NoOutput>();
    return output;
  }
  if (arguments.output == "-") {
    output.sink = std::make_unique<StandardOutput>();
    return output;
  }
  if (arguments.overwrite) refuse_listed_output(arguments.output, listing);
  const auto existing = arguments.resume      ? ExistingOutput::kResume
                        : arguments.overwrite ? ExistingOutput::kOverwrite
                                              : ExistingOutput::kRefuse;
  auto file = std::make_unique<OutputFile>(arguments.output, existing);
  output.file = file->is_regular() ? file.get() : nullptr;
  output.sink = std::move(file);
  if (arguments.resume) refuse_mark_of_other_shard(arguments.output, listing.shard);
  return output;
}

}  // namespace kiloword::cli
