#include "cli/parser/option_groups.h"

#include <sstream>
#include <utility>

#include "cli/parser/table_options.h"
#include "kiloword/pipeline/caption_options.h"

namespace kiloword::cli {

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::IsMember(std::move(words), CLI::ignore_case).description("");
}

std::vector<std::string> split_words(std::string_view words) {
  std::vector<std::string> split{""};
  for (const char c : words) {
    if (c == '|') {
      split.emplace_back();
    } else {
      split.back() += c;
    }
  }
  return split;
}

CLI::Validator range_check(double least, double most) {
  std::ostringstream range;
  range << "a number from " << least << " to " << most;
  return number_check<double>(range.str(), [=](double number) { return number >= least && number <= most; });
}

CLI::Validator not_empty() {
  return {[](const std::string& text) { return text.empty() ? "the name is empty" : ""; }, ""};
}

namespace {

/// A check of sizes; no number from 0 on has a minus.
CLI::Validator no_minus() {
  return {[](const std::string& text) {
            return text.find('-') == std::string::npos ? "" : "Value " + text + " is below 0";
          },
          ""};
}

}  // namespace

void add_model_options(CLI::App& command, ModelOptions& options) {
  const OptionGroup group(command, "Model and machine");
  command.add_option("--model", options.model, "A model's name, a folder or a file (kiloword models list)")
      ->type_name("M")
      ->default_str(kDefaultModelInHelp);
  command.add_option("--device", options.compute.device, "auto, cpu, cuda or cuda:N")
      ->type_name("DEVICE")
      ->capture_default_str();
  command.add_option("--precision", options.compute.precision, "Number format of the network")
      ->type_name("fp32|bf16|int8")
      ->transform(one_of({"fp32", "bf16", "int8"}))
      ->capture_default_str();
  command.add_option("--threads", options.compute.threads, "Cores to use; 0: all")
      ->type_name("N")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command
      .add_option("--memory", options.memory_bytes,
                  "For the pixels of images that are being decoded, e.g. 500MB: images wait their turn; "
                  "default: half of what is available")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false).description(""))
      ->transform(no_minus());  // looked at first: CLI11 takes -1 for the largest number
}

void add_language_model_option(CLI::App& command, std::string& name) {
  const OptionGroup group(command, "Model and machine");
  command.add_option("--lm", name, "A language model's name, or its folder")
      ->type_name("M")
      ->capture_default_str();
}

void add_input_options(CLI::App& command, InputOptions& options, const std::string& inputs) {
  const OptionGroup group(command, "Input");
  command.add_option("INPUT", options.inputs, inputs)->type_name("");
  command
      .add_option("--files-from", options.files_from, "Read paths from FILE, one a line; -: standard input")
      ->type_name("FILE")
      ->check(not_empty());
  command.add_option("--files0-from", options.files0_from, "Read paths from FILE, each ended by a NUL byte")
      ->type_name("FILE")
      ->check(not_empty());
  add_decoding_options(command, options.limits,
                       "Refuse larger images before decoding them; the default is Pillow's bound");
  const OptionGroup decoding(command, "Decoding");
  command.add_option("--page", options.limits.page, "The page of a PDF to read")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command.add_flag("--exact", options.limits.exact,
                   "Decode large JPEGs at full size; default: at 1/2, 1/4 or 1/8 where that is enough");
}

void add_decoding_options(CLI::App& command, DecodeLimits& limits, const std::string& max_pixels) {
  const OptionGroup group(command, "Decoding");
  command.add_option("--max-pixels", limits.max_pixels, max_pixels)
      ->type_name("N")
      ->check(number_check<int64_t>("a whole number above 0", [](int64_t number) { return number > 0; }))
      ->capture_default_str();
  command.add_flag("--ignore-profile", limits.ignore_profile,
                   "Treat colours as sRGB, whatever an embedded ICC profile states");
}

void add_filename_options(CLI::App& command, InputOptions& options, const std::string& default_for) {
  const OptionGroup group(command, "Output");
  CLI::Option* with = command.add_flag_callback(
      "--with-filename", [&options] { options.with_filename = true; },
      "Begin each line of text with its file's name; the default" + default_for);
  command
      .add_flag_callback(
          "--no-filename", [&options] { options.with_filename = false; },
          "Never begin lines with a file's name")
      ->excludes(with);
}

void add_statement_options(CLI::App& command, StatementOptions& options) {
  const OptionGroup group(command, "Statements");
  add_table(command, options, caption_options());
}

void add_pattern_options(CLI::App& command, NameFilter& filter) {
  command
      .add_option("--include", filter.include,
                  "Take files that match PATTERN from folders and archives; default: image files; repeatable")
      ->type_name("PATTERN")
      ->allow_extra_args(false);
  command.add_option("--exclude", filter.exclude, "Skip files and folders that match PATTERN; repeatable")
      ->type_name("PATTERN")
      ->allow_extra_args(false);
}

void add_batch_size_option(CLI::App& command, int& batch_size) {
  command.add_option("--batch-size", batch_size, "Maximum images of a batch")
      ->type_name("N")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
}

void add_run_options(CLI::App& command, RunOptions& options) {
  command
      .add_option("--timeout-per-file", options.timeout_s,
                  "Maximum seconds for reading and decoding one file; 0: no limit")
      ->type_name("S")
      ->check(range_check(0, 1e6))
      ->capture_default_str();
  add_batch_size_option(command, options.batch_size);
  command
      .add_option("--progress-interval", options.progress_interval_s,
                  "Seconds between lines of progress if stderr is not a terminal")
      ->type_name("S")
      ->check(range_check(0.1, 1e6))
      ->capture_default_str();
}

void add_fetch_option(CLI::App& command, InputOptions& options) {
  const OptionGroup group(command, "Input");
  command.add_flag("--allow-private", options.allow_private,
                   "Fetch addresses of this machine and of private networks too");
}

void add_frame_options(CLI::App& command, StatementOptions& options) {
  const OptionGroup group(command, "Videos and animations");
  add_table(command, options, frame_options());
  command.get_option("--every")->excludes(command.get_option("--frames"));
  command.get_option("--shots")
      ->excludes(command.get_option("--frames"))
      ->excludes(command.get_option("--every"));
}

void add_reading_options(CLI::App& command, StatementOptions& options, const std::string& mode) {
  const OptionGroup group(command, "Words in images");
  options.read_text = mode;
  add_table(command, options, reading_options());
  command.get_option("--text-language")->check(not_empty())->capture_default_str();
}

void add_server_option(CLI::App& command, std::string& address) {
  const OptionGroup group(command, "Model and machine");
  CLI::Option* server =
      command
          .add_option("--server", address,
                      "Ask a running 'kiloword serve' instead of loading a model: http://HOST:PORT or "
                      "unix:PATH")
          ->type_name("ADDRESS")
          ->check(not_empty());
  std::vector<CLI::Option*> local;
  for (const char* name : {"--model",      "--device",     "--precision",     "--threads",
                           "--memory",     "--max-pixels", "--exact",         "--ignore-profile",
                           "--page",       "--read-text",  "--text-language", "--read-text-ms",
                           "--frames",     "--every",      "--shots",         "--lm",
                           "--batch-size", "--scorer",     "--scorer-weight", "--scorer-timeout",
                           "--bank"}) {
    if (CLI::Option* option = command.get_option_no_throw(name)) local.push_back(option);
  }
  for (CLI::Option* option : local) server->excludes(option);
}

void add_format_option(CLI::App& command, Format& format, const std::string& json_meaning) {
  const OptionGroup group(command, "Output");
  command
      .add_option_function<std::string>(
          "--format",
          [&format](const std::string& name) { format = name == "json" ? Format::kJson : Format::kText; },
          "text, or json: " + json_meaning)
      ->type_name("text|json")
      ->default_str("text")
      ->transform(one_of({"text", "json"}));
}

}  // namespace kiloword::cli
