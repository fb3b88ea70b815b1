#include "cli/commands/commands.h"
#include "cli/input/describe_options.h"
#include "cli/input/inputs.h"
#include "cli/input/open_engine.h"
#include "cli/output/record_text.h"
#include "cli/output/watch.h"

namespace kiloword::cli {
int run_describe(const DescribeArguments& arguments, Console& console) {
  const bool named = shows_filenames(arguments.input);
  const DescribeOptions options = describe_options(arguments);
  const Engine engine = open_engine(arguments.model, arguments.input.limits, /*many_images=*/false, console,
                                    arguments.language_model, image_fetcher(arguments.input));
  const Describer describer = engine.describer(options);
  Watch watch;
  SearchObserver observer;
  if (arguments.watch) observer = [&watch](const SearchView& view) { watch.show(view); };
  int exit_code = 0;
  const auto write = [&](const DescriptionRecord& record) {
    watch.clear();
    if (record.error) {
      exit_code = 1;
      console.error(*record.error);
    }
    for (const std::string& warning : record.warnings) console.warning(warning);
    write_description(to_json(record), arguments.format, named);
  };
  describer.describe_files(collect_inputs(arguments.input), write, observer);
  return exit_code;
}

}  // namespace kiloword::cli
