#include "cli/parser/report_command.h"

#include "cli/parser/option_groups.h"

namespace kiloword::cli {

void add_report_command(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<ReportArguments>(
      builder.app(), "report", "Make one HTML page of records: images, captions, numbers, filters", command,
      builder.engine().report);
  command
      ->add_option("RECORDS", arguments.files,
                   "Records of batch, or of caption and describe with --format json; -: standard input")
      ->required()
      ->type_name("");
  command->add_option("-o,--output", arguments.output, "Output file; -: standard output")
      ->required()
      ->type_name("FILE.html")
      ->check(not_empty());
  command->add_flag("--overwrite", arguments.overwrite, "Replace an existing output");
  command
      ->add_option("--thumbnails", arguments.thumbnail_px, "Pixels of the longer side of thumbnails; 0: none")
      ->type_name("N")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  add_decoding_options(*command, arguments.limits,
                       "Make no thumbnails of larger images; the default is Pillow's bound");
  command->add_option("--threads", arguments.threads, "Cores to use; 0: all")
      ->type_name("N")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
}

}  // namespace kiloword::cli
