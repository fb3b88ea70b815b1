#include "cli/commands/commands.h"
#include "cli/input/describe_options.h"
#include "cli/input/inputs.h"
#include "cli/input/open_engine.h"
#include "cli/output/output.h"
#include "cli/output/record_text.h"
#include "cli/output/watch.h"

namespace kiloword::cli {
int run_describe(const DescribeArguments& arguments, Console& console) {
  const bool named = shows_filenames(arguments.input);
  const DescribeOptions options = describe_options(arguments);
  const Engine engine = open_engine(arguments.model, arguments.input, /*many_images=*/false, console,
                                    language_model_of(arguments));
  const Describer describer = open_describer(engine, options, arguments, console);
  Watch watch;
  SearchObserver observer;
  if (arguments.watch) observer = [&watch](const SearchView& view) { watch.show(view); };
  const std::vector<std::string> paths = collect_inputs(arguments.input);
  int64_t done = 0;
  int exit_code = 0;
  const auto write = [&](const DescriptionRecord& record) {
    watch.clear();
    if (record.error) {
      exit_code = 1;
      console.error(*record.error);
    }
    for (const std::string& warning : record.warnings) console.warning(warning);
    if (const std::string support = support_line(record); arguments.watch && !support.empty())
      print_diagnostic(support);
    write_description(to_json(record), arguments.format, named);
    if (!arguments.watch) console.images_done(++done, static_cast<int64_t>(paths.size()));
  };
  describer.describe_files(paths, write, observer);
  console.progress_ended();
  return exit_code;
}

}  // namespace kiloword::cli
