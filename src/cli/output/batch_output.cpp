#include "cli/output/batch_output.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "cli/output/output.h"
#include "kiloword/base/error.h"
#include "kiloword/base/output_target.h"
#include "kiloword/batch/merge.h"
#include "kiloword/image/probe.h"

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

/// As much of the start of a file as shows what it is.
std::string beginning_of(const std::string& path) {
  constexpr size_t kBytes = 4096;
  std::error_code failed;
  if (!fs::is_regular_file(path, failed)) return "";
  std::string beginning(kBytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<size_t>(file.gcount()));
  return beginning;
}

/// Whether a file that begins like this may be an image or an archive; what batch writes is text.
bool may_be_an_image(const std::string& beginning) {
  if (beginning.find('\0') != std::string::npos) return true;
  try {
    check_signature(beginning);
  } catch (const Error&) {
    return false;
  }
  return true;
}

}  // namespace

void refuse_listed_output(const std::string& output, ListingOptions listing) {
  const std::string beginning = beginning_of(output);
  if (beginning.empty() || beginning.compare(0, kRowBeginning.size(), kRowBeginning) == 0) return;
  const bool from_stdin = listing.files_from == "-" || listing.files0_from == "-";
  if (from_stdin && may_be_an_image(beginning)) {
    throw Error(ErrorKind::kUsage, "is an image or an archive, which standard input may list", output,
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
