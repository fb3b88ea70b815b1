#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/input/inputs.h"
#include "cli/input/open_engine.h"
#include "cli/output/record_text.h"

namespace kiloword::cli {
namespace {

/// How long the first words on a picture may be waited for.
constexpr double kPatience_s = 20;

}  // namespace

int run_caption(const CaptionArguments& arguments, Console& console) {
  const bool named = shows_filenames(arguments.input);
  const bool many = require_inputs(arguments.input) > 1;
  const Engine engine = open_engine(arguments.model, arguments.input, many, console);
  const double patience_s = arguments.wait ? std::numeric_limits<double>::infinity() : kPatience_s;
  const Captioner captioner = engine.captioner(arguments.statements, patience_s);
  int exit_code = 0;
  const std::vector<std::string> paths = collect_inputs(arguments.input);
  int64_t done = 0;
  captioner.caption_files(paths, [&](const CaptionRecord& record) {
    if (record.error) {
      exit_code = 1;
      console.error(*record.error);
    }
    write_caption(to_json(record), arguments.format, named);
    console.images_done(++done, static_cast<int64_t>(paths.size()));
  });
  console.progress_ended();
  return exit_code;
}

}  // namespace kiloword::cli
