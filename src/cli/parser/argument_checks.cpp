#include "cli/parser/argument_checks.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/input/inputs.h"
#include "kiloword/base/error.h"
#include "kiloword/batch/row_template.h"
#include "kiloword/batch/sidecar.h"

namespace kiloword::cli {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& remedy, const std::string& where = "") {
  throw Error(ErrorKind::kUsage, what, where, remedy);
}

void require_sensible(const SidecarChoices& sidecar, bool overwrite) {
  if (!sidecar.wanted) {
    if (sidecar.is_detailed()) refuse("options for sidecars without --sidecar", "add --sidecar");
    return;
  }
  const SidecarStyle style = sidecar_style(sidecar.style.empty() ? "caption" : sidecar.style);
  if (sidecar.append && overwrite) refuse("--append and --overwrite contradict each other", "use one");
  const bool is_text = style != SidecarStyle::kJson && style != SidecarStyle::kXmp;
  if (style == SidecarStyle::kJson && (sidecar.append || sidecar.prefix || sidecar.suffix)) {
    refuse("a record takes neither a prefix nor a suffix nor --append", "use another --sidecar-style");
  }
  if (!is_text && sidecar.separator) refuse("--separator is for texts and tags", "leave it out");
  if (sidecar.separator && sidecar.separator->empty()) refuse("the separator is empty", "give one");
}

}  // namespace

void require_sensible(const CaptionArguments& arguments) {
  require_inputs(arguments.input);
}

void require_sensible(const BatchArguments& arguments) {
  if (arguments.tars.empty()) require_inputs(arguments.input);
  const InputOptions& input = arguments.input;
  const auto readers = std::count(arguments.tars.begin(), arguments.tars.end(), "-") +
                       std::count(input.inputs.begin(), input.inputs.end(), "-") +
                       (input.files_from == "-" ? 1 : 0) + (input.files0_from == "-" ? 1 : 0);
  if (readers > 1) refuse("standard input is given twice", "use '-' once");
  const bool to_file = !arguments.output.empty() && arguments.output != "-";
  require_sensible(arguments.sidecar, arguments.overwrite);
  if (arguments.describe && !arguments.server.empty())
    refuse("a server gives captions only", "leave out --describe or --server");
  if (arguments.sidecar.embeds) require_embedding();
  if (arguments.output.empty() && !arguments.sidecar.wanted && !arguments.sidecar.embeds)
    refuse("no output", "name a file with -o, or use --sidecar");
  if (arguments.resume && arguments.overwrite)
    refuse("--resume and --overwrite contradict each other", "use one");
  if (arguments.resume && !to_file) refuse("only a file can be resumed", "name it with -o");
  if (arguments.retry_errors && !arguments.resume) refuse("--retry-errors without --resume", "add --resume");
  if (arguments.format != RowFormat::kJson && (arguments.resume || arguments.shard != "1/1")) {
    refuse("only records can be resumed and merged", "use --format json");
  }
  if (arguments.format == RowFormat::kTemplate) RowTemplate(arguments.row_template);
}

void require_sensible(const DescribeArguments& arguments) {
  require_inputs(arguments.input);
}

void require_sensible(const ScoreArguments& arguments) {
  require_inputs(arguments.input);
}

void require_sensible(const EmbedArguments& arguments) {
  const InputOptions& input = arguments.input;
  const bool has_images = !input.inputs.empty() || !input.files_from.empty() || !input.files0_from.empty();
  if (has_images == !arguments.texts.empty()) {
    refuse(has_images ? "both images and texts" : "nothing to embed",
           "give image files, or texts with --text");
  }
  if (has_images) require_inputs(input);
}

void require_sensible(const EvalArguments& arguments) {
  if (arguments.images.inputs.empty() && arguments.images.list.empty()) {
    refuse("no images", "give a folder with a folder for each class, or --list FILE");
  }
  const std::filesystem::path ending = std::filesystem::path(arguments.plot_file).extension();
  if (!arguments.plot_file.empty() && ending != ".svg" && ending != ".png") {
    refuse("--plot writes SVG or PNG images", "name a file that ends in .svg or .png", arguments.plot_file);
  }
}

void require_sensible(const CalibrateArguments& arguments) {
  if (arguments.truth.inputs.empty() && arguments.truth.list.empty() && arguments.backgrounds.empty()) {
    refuse("no images", "give --truth, --images, or both");
  }
}

}  // namespace kiloword::cli
