#include "cli/output/batch_rows.h"

#include <utility>

#include "kiloword/base/output_target.h"
#include "kiloword/base/utf8.h"
#include "kiloword/batch/batch_row.h"
#include "kiloword/batch/embedded_metadata.h"
#include "kiloword/batch/row_table.h"
#include "kiloword/batch/row_values.h"
#include "kiloword/pipeline/image_bytes.h"
#include "kiloword/pipeline/record.h"

namespace kiloword::cli {
namespace {

SidecarOptions sidecar_options(const BatchArguments& arguments) {
  const SidecarChoices& choices = arguments.sidecar;
  SidecarOptions options;
  if (!choices.style.empty()) options.style = sidecar_style(choices.style);
  options.by_stem = choices.name == "stem";
  options.prefix = choices.prefix.value_or("");
  options.suffix = choices.suffix.value_or("");
  options.separator = choices.separator.value_or(options.style == SidecarStyle::kTags ? ", " : "\n");
  if (choices.append) options.existing = ExistingSidecar::kAppend;
  if (arguments.overwrite) options.existing = ExistingSidecar::kOverwrite;
  return options;
}

/// A batch is of many images, whatever it turns out to have.
std::string text_line(const BatchInput& input, const CaptionedImage& image, const InputOptions& options) {
  if (!options.with_filename.value_or(true)) return image.caption;
  return printable(input_name(input.path)) + ": " + image.caption;
}

}  // namespace

BatchRows::BatchRows(const BatchArguments& arguments, std::string run, const Shard& shard,
                     MessageLog& messages, bool tells_errors)
    : arguments_(arguments),
      run_(std::move(run)),
      shard_(shard),
      messages_(messages),
      tells_errors_(tells_errors),
      sidecars_(sidecar_options(arguments)) {
  if (arguments.format == RowFormat::kTemplate) template_.emplace(arguments.row_template);
}

std::string BatchRows::heading() const {
  if (arguments_.format == RowFormat::kCsv) return table_heading(',');
  return arguments_.format == RowFormat::kTsv ? table_heading('\t') : "";
}

std::shared_ptr<InputSource> BatchRows::inputs(std::shared_ptr<InputSource> inputs) const {
  if (!arguments_.sidecar.wanted || !sidecars_.by_stem) return inputs;
  return std::make_shared<OneSidecarEach>(std::move(inputs), sidecars_);
}

std::string BatchRows::json(const BatchInput& input, const CaptionedImage& image) const {
  return batch_row(image.record, input, run_, shard_);
}

void BatchRows::write_sidecar_of(const BatchInput& input, CaptionedImage& image) const {
  try {
    if (input.path == "-" || input.archive_member) {
      throw Error(ErrorKind::kInput, "is in an archive, where no sidecar can be written", input.path,
                  "unpack it, or write records with -o");
    }
    const std::string path = sidecar_path(input.path, sidecars_);
    if (sidecars_.existing != ExistingSidecar::kKeep) {
      refuse_input_as_output(path, arguments_.input.inputs);
      refuse_input_as_output(path, {arguments_.input.files_from, arguments_.input.files0_from});
    }
    const std::string row = json(input, image);
    switch (write_sidecar(path, row, row_values(row), sidecars_)) {
      case SidecarResult::kWritten:
        break;
      case SidecarResult::kKept:
        messages_.add_kept_sidecar(path);
        break;
      case SidecarResult::kNothing:
        messages_.add_no_sidecar();
    }
  } catch (const Error& error) {
    image.error = error;
    image.record = error_json(input.path, error);
  }
}

void BatchRows::embed_in(BatchInput& input, CaptionedImage& image) const {
  try {
    if (input.path == "-" || input.archive_member) {
      throw Error(ErrorKind::kInput, "is not a file that metadata can be written into", input.path,
                  "unpack it, or write records with -o");
    }
    embed_metadata(input.path, row_values(json(input, image)), arguments_.overwrite, arguments_.input.limits,
                   input.stamp);
  } catch (const Error& error) {
    image.error = error;
    image.record = error_json(input.path, error);
  }
}

MadeRow BatchRows::make(const BatchInput& listed, CaptionedImage& image) const {
  BatchInput input = listed;
  const bool has_caption = !image.error;
  if (arguments_.sidecar.embeds && has_caption) embed_in(input, image);
  if (arguments_.sidecar.wanted && !image.error) write_sidecar_of(input, image);
  if (image.error && (tells_errors_ || has_caption)) messages_.add_error(*image.error);
  MadeRow made;
  made.failed = image.error.has_value();
  switch (arguments_.format) {
    case RowFormat::kJson:
      made.row = json(input, image);
      break;
    case RowFormat::kCsv:
    case RowFormat::kTsv:
      made.row =
          table_line(row_values(json(input, image)), arguments_.format == RowFormat::kCsv ? ',' : '\t');
      break;
    case RowFormat::kText:
      if (!made.failed) made.row = text_line(input, image, arguments_.input);
      break;
    case RowFormat::kTemplate:
      if (!made.failed) made.row = template_->fill(row_values(json(input, image)));
      break;
  }
  return made;
}

}  // namespace kiloword::cli
