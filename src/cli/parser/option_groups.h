#pragma once

#include <CLI/CLI.hpp>
#include <cerrno>
#include <string>
#include <type_traits>
#include <vector>

#include "cli/parser/options.h"

namespace kiloword::cli {

// Options shared by several commands, and checks of their values.

/// A check with the error "Value X is not WANTED"; `holds` tests the parsed number.
template <typename Number, typename Holds>
CLI::Validator number_check(const std::string& wanted, Holds holds) {
  return {[=](const std::string& text) {
            Number number{};
            // CLI11 parses -1 as the largest unsigned number, and clamps values that are too large.
            const bool wraps = std::is_unsigned_v<Number> && text.find('-') != std::string::npos;
            errno = 0;
            const bool is_number = !wraps && CLI::detail::lexical_cast(text, number);
            const bool overflows = errno == ERANGE && !std::is_floating_point_v<Number>;
            const bool good = is_number && !overflows && holds(number);
            return good ? std::string() : "Value " + text + " is not " + wanted;
          },
          ""};
}

/// The default of --model, as shown in help.
inline constexpr const char* kDefaultModelInHelp = "lite";

/// Puts options that are added during its lifetime under a heading in help.
class OptionGroup {
 public:
  OptionGroup(CLI::App& command, const std::string& heading)
      : defaults_(command.option_defaults()), before_(defaults_->get_group()) {
    defaults_->group(heading);
  }
  OptionGroup(const OptionGroup&) = delete;
  OptionGroup& operator=(const OptionGroup&) = delete;
  ~OptionGroup() { defaults_->group(before_); }

 private:
  CLI::OptionDefaults* defaults_;
  std::string before_;
};

CLI::Validator one_of(std::vector<std::string> words);
/// Checks for "a number from `least` to `most`"; rejects NaN.
CLI::Validator range_check(double least, double most);
CLI::Validator not_empty();

void add_model_options(CLI::App& command, ModelOptions& options);
void add_language_model_option(CLI::App& command, std::string& name);
/// `inputs`: help for INPUT.
void add_input_options(CLI::App& command, InputOptions& options,
                       const std::string& inputs = "Image files; - reads one image from standard input");
/// --max-pixels and --ignore-profile; `max_pixels`: help for the former.
void add_decoding_options(CLI::App& command, DecodeLimits& limits,
                          const std::string& max_pixels = "Refuse larger images before decoding them");
void add_statement_options(CLI::App& command, StatementOptions& options);
/// --with-filename and --no-filename; `default_for`: help on when the former is the default.
void add_filename_options(CLI::App& command, InputOptions& options,
                          const std::string& default_for = " for several inputs");
/// Call after adding the command's other options: --server excludes those that configure local computation.
void add_server_option(CLI::App& command, std::string& address);
/// --include, --exclude: which files of folders and archives to use.
void add_pattern_options(CLI::App& command, NameFilter& filter);
void add_batch_size_option(CLI::App& command, int& batch_size);
/// --timeout-per-file, --batch-size, --progress-interval, for runs over many images.
void add_run_options(CLI::App& command, RunOptions& options);
/// --allow-private, for commands whose inputs may be URLs.
void add_fetch_option(CLI::App& command, InputOptions& options);
/// --frames, --every, --shots.
void add_frame_options(CLI::App& command, StatementOptions& options);
/// --read-text (default: `mode`), --text-language, --read-text-ms.
void add_reading_options(CLI::App& command, StatementOptions& options, const std::string& mode);
void add_format_option(CLI::App& command, Format& format, const std::string& json_meaning);

}  // namespace kiloword::cli
