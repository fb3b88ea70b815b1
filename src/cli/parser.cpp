#include "cli/parser.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/usage_error.h"
#include "kiloword/base/version.h"

namespace kiloword::cli {
namespace {

/// A check whose error is `wanted` behind the value; `holds` tells whether the value will do.
template <typename Number, typename Holds>
CLI::Validator number_check(const std::string& wanted, Holds holds) {
  return {[=](const std::string& text) {
            Number number{};
            const bool good = CLI::detail::lexical_cast(text, number) && holds(number);
            return good ? std::string() : "Value " + text + " is not " + wanted;
          },
          ""};
}

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::IsMember(std::move(words), CLI::ignore_case).description("");
}

CLI::Validator not_empty() {
  return {[](const std::string& text) { return text.empty() ? "the name is empty" : ""; }, ""};
}

void add_model_options(CLI::App& command, ModelOptions& options) {
  command.add_option("--model", options.model, "A bundled model's name, or a folder in Hugging Face layout")
      ->type_name("M")
      ->capture_default_str();
  command.add_option("--device", options.compute.device, "auto, cpu, cuda or cuda:N")
      ->type_name("DEVICE")
      ->capture_default_str();
  command.add_option("--precision", options.compute.precision, "What the network computes in")
      ->type_name("fp32|bf16")
      ->transform(one_of({"fp32", "bf16"}))
      ->capture_default_str();
  command.add_option("--threads", options.compute.threads, "Cores to use; 0: all")
      ->type_name("N")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
}

void add_input_options(CLI::App& command, InputOptions& options) {
  command.add_option("INPUT", options.inputs, "Image files; - reads one image from standard input")
      ->type_name("");
  command
      .add_option("--files-from", options.files_from, "Read paths from FILE, one a line; -: standard input")
      ->type_name("FILE")
      ->check(not_empty());
  command.add_option("--files0-from", options.files0_from, "Read paths from FILE, each ended by a NUL byte")
      ->type_name("FILE")
      ->check(not_empty());
  command
      .add_option("--max-pixels", options.limits.max_pixels,
                  "Refuse larger images before decoding them; the default is Pillow's bound")
      ->type_name("N")
      ->check(number_check<int64_t>("a whole number above 0", [](int64_t number) { return number > 0; }))
      ->capture_default_str();
}

void add_format_option(CLI::App& command, Format& format, const std::string& json_meaning) {
  command
      .add_option_function<std::string>(
          "--format",
          [&format](const std::string& name) { format = name == "json" ? Format::kJson : Format::kText; },
          "text, or json: " + json_meaning)
      ->type_name("text|json")
      ->transform(one_of({"text", "json"}));
}

/// Collects the commands; the one that was given on the command line ends up in `chosen`.
class ParserBuilder {
 public:
  explicit ParserBuilder(CLI::App& app) : app_(app) {}

  /// Adds a command to `parent` whose arguments live as long as the parser. `run` gets them once parsed.
  template <typename Arguments, typename Run>
  Arguments& add(CLI::App& parent, const std::string& name, const std::string& description,
                 CLI::App*& command, Run run) {
    auto arguments = std::make_shared<Arguments>();
    command = parent.add_subcommand(name, description);
    command->callback([this, arguments, run] {
      chosen = [arguments, run](Console& console) { return run(*arguments, console); };
    });
    return *arguments;
  }

  CLI::App& app() { return app_; }

  Command chosen;

 private:
  CLI::App& app_;
};

void add_caption(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<CaptionArguments>(
      builder.app(), "caption", "Print one [Image Attached: ...] line for each image", command, run_caption);
  add_input_options(*command, arguments.input);
  command
      ->add_option("--labels", arguments.labels, "A label set, a group of sets or a label file; repeatable")
      ->type_name("NAME|FILE")
      ->allow_extra_args(false);
  command->add_option("--top-k", arguments.top_k, "Statements in the sentence at most")
      ->type_name("K")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--rank", arguments.rank, "How the best statements of different sets are compared")
      ->type_name("probability|cosine")
      ->transform(one_of({"probability", "cosine"}))
      ->capture_default_str();
  command
      ->add_option("--min-confidence", arguments.min_confidence,
                   "Say nothing below P; default: as each set says")
      ->type_name("P")
      ->check(number_check<double>("a number from 0 to 1",
                                   [](double number) { return number >= 0 && number <= 1; }));
  command->add_option("--author", arguments.author, "Begin the line with NAME:")->type_name("NAME");
  command->add_flag("--explain", arguments.explain,
                    "Show every set's best labels and why each was said or left out");
  add_format_option(*command, arguments.format, "one record a line");
  add_model_options(*command, arguments.model);
}

void add_search_options(CLI::App& command, DescribeArguments& arguments) {
  command.add_option("--preset", arguments.preset, "What the options below are where they are not given")
      ->type_name("balanced|demo|magic")
      ->check(CLI::IsMember({"balanced", "demo", "magic"}))
      ->capture_default_str();
  command
      .add_option("--prompt", arguments.prompt,
                  "What the description begins with; default: as the models say")
      ->type_name("TEXT");
  command.add_option("--candidates", arguments.candidates, "Likeliest next tokens that are looked at")
      ->type_name("K")
      ->check(CLI::Range(1, 1000000));
  command.add_option("--tokens", arguments.tokens, "Tokens written at most")
      ->type_name("N")
      ->check(CLI::Range(1, 100000));
  command.add_option("--beams", arguments.beams, "Descriptions followed at the same time")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  command.add_option("--lm-weight", arguments.lm_weight, "Weight of the language model's term")
      ->type_name("W")
      ->check(CLI::Range(0.0, 1e6));
  command
      .add_option("--clip-weight", arguments.clip_weight,
                  "Weight of the picture's term; 0: the language model alone")
      ->type_name("W")
      ->check(CLI::Range(0.0, 1e6));
  command
      .add_option("--temperature", arguments.temperature,
                  "0: the best token; above: draw from softmax(value / T)")
      ->type_name("T")
      ->check(CLI::Range(0.0, 1e6));
  command.add_option("--seed", arguments.seed, "Of the draws; the same seed gives the same text")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--stop", arguments.stop, "Where to end: at a sentence's end, at the model's, or never")
      ->type_name("sentence|end|never")
      ->check(CLI::IsMember({"sentence", "end", "never"}));
}

void add_describe(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<DescribeArguments>(
      builder.app(), "describe", "Write a description of each image with a language model, word by word",
      command, run_describe);
  add_input_options(*command, arguments.input);
  command->add_option("--lm", arguments.language_model, "A bundled language model's name, or a GPT-2 folder")
      ->type_name("M")
      ->capture_default_str();
  add_search_options(*command, arguments);
  command
      ->add_option("--avoid", arguments.avoid_files, "Words and phrases not to write, one a line; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command->add_option("--must-include", arguments.rules.required, "A word or phrase to write; repeatable")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  command->add_option("--max-chars", arguments.rules.max_chars, "Characters of a description at most")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  command
      ->add_option("--scorer", arguments.scorer,
                   "A program that scores texts as well; reads and writes JSON lines")
      ->type_name("CMD");
  command->add_option("--scorer-weight", arguments.scorer_weight, "Weight of its scores")
      ->type_name("W")
      ->capture_default_str();
  command->add_option("--scorer-timeout", arguments.scorer_timeout_s, "Seconds it has for an answer")
      ->type_name("S")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
  command->add_flag("--watch", arguments.watch,
                    "Show the description grow, with the best next tokens, on stderr");
  add_format_option(*command, arguments.format, "one record a line");
  add_model_options(*command, arguments.model);
}

void add_score(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<ScoreArguments>(
      builder.app(), "score", "Print the cosine and the probability of each text for each image", command,
      run_score);
  add_input_options(*command, arguments.input);
  command->add_option("-t,--text", arguments.texts, "A text to compare with; repeatable")
      ->type_name("TEXT")
      ->required()
      ->allow_extra_args(false);
  add_format_option(*command, arguments.format, "one record a line");
  add_model_options(*command, arguments.model);
}

void add_embed(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<EmbedArguments>(
      builder.app(), "embed", "Print unit-length embeddings of images or texts as JSON lines", command,
      run_embed);
  add_input_options(*command, arguments.input);
  command->add_option("-t,--text", arguments.texts, "A text to embed; repeatable")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  command
      ->add_option("--npy", arguments.npy_file,
                   "Write a NumPy file instead, one row an input, NaN where it failed")
      ->type_name("FILE")
      ->check(not_empty());
  add_model_options(*command, arguments.model);
}

void add_tokenize(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<TokenizeArguments>(
      builder.app(), "tokenize", "Print the token ids and pieces of texts as JSON lines", command,
      [](const TokenizeArguments& parsed, Console&) { return run_tokenize(parsed); });
  command->add_option("TEXT", arguments.texts, "Texts")->type_name("");
  command->add_option("--model", arguments.model, "A model, or a folder or file that holds only a tokenizer")
      ->type_name("M")
      ->capture_default_str();
  command->add_flag("--lines", arguments.lines, "Read texts from standard input, a JSON string a line");
}

void add_labels(ParserBuilder& builder) {
  CLI::App* labels = builder.app().add_subcommand("labels", "Inspect, check and pre-embed label sets");
  labels->require_subcommand(1);
  CLI::App* command = nullptr;

  auto& list =
      builder.add<LabelsListArguments>(*labels, "list", "List the label sets", command, run_labels_list);
  add_format_option(*command, list.format, "one set a line");

  auto& show = builder.add<LabelsShowArguments>(
      *labels, "show", "Show a set: its templates, its labels and what is said of each", command,
      [](const LabelsShowArguments& parsed, Console&) { return run_labels_show(parsed); });
  command->add_option("SET", show.set, "A label set, a group of sets or a label file")
      ->required()
      ->type_name("");
  add_format_option(*command, show.format, "one label a line");

  auto& lint = builder.add<LabelsLintArguments>(
      *labels, "lint", "Check label files; all that are installed when none is given", command,
      [](const LabelsLintArguments& parsed, Console&) { return run_labels_lint(parsed); });
  command->add_option("FILE", lint.files, "Label files, or sets by name")->type_name("");
  command->add_option("--model", lint.model, "Whose token limit the labels must keep")
      ->type_name("M")
      ->capture_default_str();

  auto& build = builder.add<LabelsBuildArguments>(
      *labels, "build", "Embed label sets ahead of their first use", command, run_labels_build);
  command->add_option("--labels", build.labels, "A label set, a group of sets or a label file; repeatable")
      ->type_name("NAME|FILE")
      ->allow_extra_args(false);
  add_model_options(*command, build.model);
}

void add_models(ParserBuilder& builder) {
  CLI::App* models = builder.app().add_subcommand("models", "List and inspect models");
  models->require_subcommand(1);
  CLI::App* command = nullptr;

  auto& list = builder.add<ModelsListArguments>(
      *models, "list", "List the bundled models", command,
      [](const ModelsListArguments& parsed, Console&) { return run_models_list(parsed); });
  add_format_option(*command, list.format, "one model a line");

  auto& info = builder.add<ModelsInfoArguments>(
      *models, "info", "Show what a model is made of", command,
      [](const ModelsInfoArguments& parsed, Console&) { return run_models_info(parsed); });
  command->add_option("M", info.model, "A bundled model's name, or a folder in Hugging Face layout")
      ->required()
      ->type_name("");
  add_format_option(*command, info.format, "one JSON object");
}

void add_doctor(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<DoctorArguments>(
      builder.app(), "doctor",
      "Show versions, device and models, and test the model on a known image and texts", command, run_doctor);
  add_format_option(*command, arguments.format, "one JSON object");
  add_model_options(*command, arguments.model);
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

ParsedCommandLine parse_command_line(int argc, char** argv) {
  CLI::App app("kiloword turns images into words that a language model can use.", "kiloword");
  ParserBuilder builder(app);
  ParsedCommandLine parsed;
  DisplayOptions& display = parsed.display;
  app.require_subcommand(1);
  app.fallthrough();  // the options below may stand behind the command as well
  app.set_version_flag("--version", std::string("kiloword ") + kVersion, "Print the version and exit");
  auto* quiet = app.add_flag("-q,--quiet", display.quiet, "No warnings and no progress");
  app.add_flag("-v,--verbose", display.verbose, "Tell what is loaded, embedded and taken from the cache")
      ->excludes(quiet);
  app.add_flag("--no-progress", display.no_progress, "No progress line on the terminal");
  app.add_option("--color", display.color, "Colour messages: auto, always or never")
      ->type_name("WHEN")
      ->transform(one_of({"auto", "always", "never"}))
      ->capture_default_str();
  add_caption(builder);
  add_describe(builder);
  add_score(builder);
  add_embed(builder);
  add_tokenize(builder);
  add_labels(builder);
  add_models(builder);
  add_doctor(builder);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    write_line(trimmed(app.help()));
    return {};
  } catch (const CLI::CallForVersion&) {
    write_line(app.version());
    return {};
  } catch (const CLI::ParseError& error) {
    throw usage_error(app, error);
  }
  parsed.command = std::move(builder.chosen);
  return parsed;
}

}  // namespace kiloword::cli
