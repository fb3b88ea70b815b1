#include "cli/parser/image_commands.h"

#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/parser/option_groups.h"
#include "cli/parser/table_options.h"
#include "kiloword/guided/description_options.h"

namespace kiloword::cli {
namespace {

void add_caption(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<CaptionArguments>(builder.app(), "caption",
                                                  "Print one [Image Attached: ...] line for each image",
                                                  command, builder.engine().caption);
  add_input_options(*command, arguments.input);
  add_filename_options(*command, arguments.input);
  add_statement_options(*command, arguments.statements);
  add_reading_options(*command, arguments.statements, "auto");
  add_frame_options(*command, arguments.statements);
  add_fetch_option(*command, arguments.input);
  {
    const OptionGroup group(*command, "Statements");
    command->add_flag("--wait", arguments.wait,
                      "Wait until all default label sets are embedded, however long that takes once");
  }
  add_format_option(*command, arguments.format, "one record a line");
  add_model_options(*command, arguments.model);
  add_server_option(*command, arguments.server);
}

void add_sidecar_options(CLI::App& command, SidecarChoices& sidecar) {
  const OptionGroup group(command, "Sidecars");
  command.add_flag("--sidecar", sidecar.wanted, "Write each caption beside its image, as IMAGE.txt");
  command
      .add_option("--sidecar-style", sidecar.style,
                  "Content: the caption (default), its sentences alone, labels, the record, XMP")
      ->type_name("caption|plain|tags|json|xmp")
      ->transform(one_of({"caption", "plain", "tags", "json", "xmp"}));
  command
      .add_option("--sidecar-name", sidecar.name, "photo.txt or photo.jpg.txt (the default) beside photo.jpg")
      ->type_name("stem|full")
      ->transform(one_of({"stem", "full"}));
  command.add_option("--prefix", sidecar.prefix, "A text at the beginning of each sidecar")
      ->type_name("TEXT");
  command.add_option("--suffix", sidecar.suffix, "A text at the end of each sidecar")->type_name("TEXT");
  command
      .add_option("--separator", sidecar.separator,
                  "Between tags, and before what --append adds; default: ', ', for other styles a line break")
      ->type_name("TEXT");
  command.add_flag("--append", sidecar.append, "Add missing tags or text to existing sidecars");
  command.add_flag("--embed-metadata", sidecar.embeds,
                   "Write description and labels into the image files, as XMP; what is there stays, unless "
                   "--overwrite is given");
}

void add_row_format_options(CLI::App& command, BatchArguments& arguments) {
  const OptionGroup group(command, "Output");
  auto* format = command.add_option_function<std::string>(
      "--format",
      [&arguments](const std::string& name) {
        arguments.format = name == "csv"    ? RowFormat::kCsv
                           : name == "tsv"  ? RowFormat::kTsv
                           : name == "text" ? RowFormat::kText
                                            : RowFormat::kJson;
      },
      "One record a line (json), a line of text, or a table with a heading");
  format->type_name("text|json|csv|tsv")
      ->default_str("json")
      ->transform(one_of({"text", "json", "csv", "tsv"}));
  command
      .add_option_function<std::string>(
          "--template",
          [&arguments](const std::string& text) {
            arguments.format = RowFormat::kTemplate;
            arguments.row_template = text;
          },
          "Write lines like '{path}\\t{text}' (docs/batch.md)")
      ->type_name("TEXT")
      ->check(not_empty())
      ->excludes(format);
}

void add_rule_options(CLI::App& command, DescribeChoices& arguments) {
  const OptionGroup group(command, "Output rules");
  command
      .add_option("--avoid", arguments.avoid_files, "Words and phrases not to write, one a line; repeatable")
      ->type_name("FILE")
      ->check(not_empty())
      ->allow_extra_args(false);
  add_table(command, arguments.rules, rule_options(), {"avoid"});  // which is a file here
}

void add_describe_choices(CLI::App& command, DescribeChoices& choices) {
  add_language_model_option(command, choices.language_model);
  command
      .add_option("--bank", choices.bank_file,
                  "Sentences, one a line: of those that the image supports, the nearest is the description")
      ->type_name("FILE")
      ->check(CLI::ExistingFile.description(""));
  {
    const OptionGroup group(command, "Search");
    add_table(command, choices.search, search_options());
  }
  add_rule_options(command, choices);
}

/// The options of descriptions go with --describe alone.
void add_description_options(CLI::App& command, BatchArguments& arguments) {
  auto* describe = command.add_flag("--describe", arguments.describe,
                                    "Write descriptions with a language model, as 'kiloword describe' does");
  command
      .add_flag("--caption", arguments.caption,
                "With --describe: the statements of captions too, in the same records")
      ->needs(describe);
  const std::vector<CLI::Option*> before = command.get_options();
  add_describe_choices(command, arguments.description);
  for (CLI::Option* option : command.get_options()) {
    if (std::find(before.begin(), before.end(), option) == before.end()) option->needs(describe);
  }
}

void add_batch(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<BatchArguments>(
      builder.app(), "batch", "Caption many images to JSON lines: parallel, resumable, in shards", command,
      builder.engine().batch);
  add_input_options(*command, arguments.input,
                    "Image files, folders, tar and zip files; - reads one image from standard input");
  command->add_option("-o,--output", arguments.output, "Output file, one record a line; -: standard output")
      ->type_name("FILE")
      ->check(not_empty());
  add_sidecar_options(*command, arguments.sidecar);
  command->add_flag("--resume", arguments.resume,
                    "Resume an output: keep finished rows, repair a truncated end");
  command->add_flag("--retry-errors", arguments.retry_errors, "With --resume: retry failed inputs");
  command->add_flag("--overwrite", arguments.overwrite, "Replace an existing output");
  command->add_flag("--unordered", arguments.unordered,
                    "Write records as they are ready, not in input order");
  auto* follow = command->add_flag(
      "--follow", arguments.follow,
      "Keep captioning files that arrive in the folders, once they are closed, until interrupted");
  command
      ->add_option("--tar", arguments.tars,
                   "An archive of any name, or a pipe of one; -: standard input; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->check(not_empty());
  for (const char* other : {"--files-from", "--files0-from", "--tar"}) {
    follow->excludes(command->get_option(other));
  }
  command->add_flag("--errors-ok", arguments.errors_ok,
                    "Exit with 0 if the run is complete, even if inputs failed");
  add_pattern_options(*command, arguments.filter);
  command->add_flag("--videos", arguments.filter.videos, "Take videos from folders and archives as well");
  command->add_flag("--hidden", arguments.filter.hidden, "Take names that begin with a dot as well");
  command->add_option("--shard", arguments.shard, "Do part I of N only; see 'kiloword merge'")
      ->type_name("I/N")
      ->capture_default_str();
  command
      ->add_option_function<std::string>(
          "--shard-by", [&arguments](const std::string& unit) { arguments.shard_by_input = unit == "input"; },
          "Distribute images, or inputs: an archive with all its members is one")
      ->type_name("image|input")
      ->default_str("image")
      ->transform(one_of({"image", "input"}));
  add_run_options(*command, arguments.run);
  add_statement_options(*command, arguments.statements);
  add_reading_options(*command, arguments.statements, "off");
  add_frame_options(*command, arguments.statements);
  add_description_options(*command, arguments);
  add_row_format_options(*command, arguments);
  add_filename_options(*command, arguments.input, "");
  add_model_options(*command, arguments.model);
  add_server_option(*command, arguments.server);
}

void add_list(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<ListArguments>(builder.app(), "list",
                                               "List image files and archives, in parts for several machines",
                                               command, run_list);
  command->add_option("INPUT", arguments.inputs, "Image files, archives, and folders of them")
      ->required()
      ->type_name("");
  command->add_option("--parts", arguments.parts, "Write N lists of equal length, FILE.1 to FILE.N")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  command->add_option("-o,--output", arguments.output, "Output file; default, and -: standard output")
      ->type_name("FILE")
      ->check(not_empty());
  command->add_flag("-0,--null", arguments.ends_with_nul, "End each path by a NUL byte, for --files0-from");
  command->add_flag("--overwrite", arguments.overwrite, "Replace existing lists");
  add_pattern_options(*command, arguments.filter);
  command->add_flag("--videos", arguments.filter.videos, "Take videos from folders as well");
  command->add_flag("--hidden", arguments.filter.hidden, "Take names that begin with a dot as well");
}

void add_merge(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<MergeArguments>(
      builder.app(), "merge", "Merge the outputs of all shards of a batch, in order", command, run_merge);
  command->add_option("SHARD", arguments.shards, "Outputs of 'kiloword batch --shard I/N', all of them")
      ->required()
      ->type_name("");
  command->add_option("-o,--output", arguments.output, "Output file; -: standard output")
      ->required()
      ->type_name("FILE")
      ->check(not_empty());
  command->add_flag("--incomplete", arguments.incomplete, "Merge even if shards are missing or unfinished");
  command->add_flag("--errors-ok", arguments.errors_ok,
                    "Exit with 0 if the merge is complete, even if inputs failed");
  command
      ->add_flag("--runs", arguments.runs,
                 "The outputs are of separate runs: concatenate them and renumber the rows")
      ->excludes(command->get_option("--incomplete"));
  command->add_flag("--overwrite", arguments.overwrite, "Replace an existing output");
}

void add_scorer_options(CLI::App& command, DescribeArguments& arguments) {
  const OptionGroup group(command, "A scorer of your own");
  command
      .add_option("--scorer", arguments.scorer,
                  "A program that scores texts as well; reads and writes JSON lines")
      ->type_name("CMD")
      ->check(not_empty());
  command.add_option("--scorer-weight", arguments.scorer_weight, "Weight of its scores")
      ->type_name("W")
      ->check(range_check(0, 1e6))
      ->capture_default_str();
  command.add_option("--scorer-timeout", arguments.scorer_timeout_s, "Maximum seconds for its answer")
      ->type_name("S")
      ->check(range_check(0.001, 86400))
      ->capture_default_str();
}

void add_describe(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<DescribeArguments>(builder.app(), "describe",
                                                   "Describe each image with a language model, word by word",
                                                   command, builder.engine().describe);
  add_input_options(*command, arguments.input);
  add_fetch_option(*command, arguments.input);
  add_filename_options(*command, arguments.input);
  add_describe_choices(*command, arguments);
  add_scorer_options(*command, arguments);
  command->add_flag("--watch", arguments.watch,
                    "Show the search on stderr: the text so far and the best next tokens");
  add_format_option(*command, arguments.format, "one record a line");
  add_model_options(*command, arguments.model);
  add_server_option(*command, arguments.server);
}

void add_score(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<ScoreArguments>(
      builder.app(), "score", "Print the cosine and the probability of each text for each image", command,
      builder.engine().score);
  add_input_options(*command, arguments.input);
  add_fetch_option(*command, arguments.input);
  add_filename_options(*command, arguments.input);
  command->add_option("-t,--text", arguments.texts, "A text to compare with; repeatable")
      ->type_name("TEXT")
      ->required()
      ->allow_extra_args(false);
  add_format_option(*command, arguments.format, "one record a line");
  add_model_options(*command, arguments.model);
  add_server_option(*command, arguments.server);
}

void add_embed(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<EmbedArguments>(
      builder.app(), "embed", "Print unit-length embeddings of images or texts as JSON lines", command,
      builder.engine().embed);
  add_input_options(*command, arguments.input);
  add_fetch_option(*command, arguments.input);
  command->add_option("-t,--text", arguments.texts, "A text to embed; repeatable")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  command
      ->add_option("--npy", arguments.npy_file,
                   "Write a NumPy file instead, one row an input, NaN where it failed")
      ->type_name("FILE")
      ->check(not_empty());
  add_model_options(*command, arguments.model);
  add_server_option(*command, arguments.server);
}

}  // namespace

void add_image_commands(ParserBuilder& builder) {
  add_caption(builder);
  add_batch(builder);
  add_list(builder);
  add_merge(builder);
  add_describe(builder);
  add_score(builder);
  add_embed(builder);
}

}  // namespace kiloword::cli
