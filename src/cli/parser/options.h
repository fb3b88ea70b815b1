#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/parser/settings.h"
#include "kiloword/batch/name_filter.h"
#include "kiloword/guided/options.h"
#include "kiloword/guided/rule_options.h"
#include "kiloword/image/decode_limits.h"
#include "kiloword/model/compute_options.h"
#include "kiloword/models/model_store.h"
#include "kiloword/pipeline/statement_choices.h"
#include "kiloword/search/search_choices.h"

namespace kiloword::cli {

enum class Format { kText, kJson };
/// Format of the rows of `batch`.
enum class RowFormat { kText, kJson, kCsv, kTsv, kTemplate };

/// -q, -v, --no-progress, --color.
struct DisplayOptions {
  bool quiet = false;
  bool verbose = false;
  bool no_progress = false;
  std::string color = "auto";
};

/// --model, --device, --precision, --threads, --memory.
struct ModelOptions {
  std::string model = kDefaultModel;
  ComputeOptions compute;
  uint64_t memory_bytes = 0;  ///< for decoded pixels; 0: half of the available memory
};

/// INPUT..., --files-from, --files0-from, --with-filename, --no-filename, --max-pixels, --exact,
/// --ignore-profile, --page.
struct InputOptions {
  std::vector<std::string> inputs;
  std::string files_from;
  std::string files0_from;
  std::optional<bool> with_filename;  ///< none: if there are several inputs
  bool allow_private = false;         ///< whether to fetch URLs on this machine and private networks
  DecodeLimits limits;
};

/// --labels, --top-k, --per-set, --rank, --min-confidence, --author, --explain, --typographic; also the
/// options about words in images and frames of videos.
using StatementOptions = StatementChoices;

/// --version --verbose.
struct VersionArguments {};

struct CaptionArguments {
  ModelOptions model;
  InputOptions input;
  StatementOptions statements;
  Format format = Format::kText;
  bool wait = false;   ///< for all default label sets, no matter how long embedding them takes
  std::string server;  ///< address of a `kiloword serve`; empty: none
};

/// Options about descriptions.
struct DescribeChoices {
  std::string language_model = "nano-lm";
  GuidedChoices search;
  std::vector<std::string> avoid_files;
  OutputRuleOptions rules;
  std::string scorer;
  double scorer_weight = 1;
  double scorer_timeout_s = 30;
  std::string bank_file;  ///< of sentences; empty: none
};

/// --sidecar and the options of its files.
struct SidecarChoices {
  bool wanted = false;
  std::string style;  ///< empty: "caption"
  std::string name;   ///< "stem" or "full" (default)
  std::optional<std::string> prefix;
  std::optional<std::string> suffix;
  std::optional<std::string> separator;
  bool append = false;
  bool embeds = false;  ///< --embed-metadata: into the image files themselves

  /// Whether an option was given that requires a sidecar.
  bool is_detailed() const {
    return !style.empty() || !name.empty() || prefix || suffix || separator || append;
  }
};

/// --timeout-per-file, --batch-size, --progress-interval.
struct RunOptions {
  double timeout_s = 60;
  int batch_size = 8;
  double progress_interval_s = 10;
};

struct BatchArguments {
  ModelOptions model;
  InputOptions input;
  StatementOptions statements;
  std::string output;     ///< "-": standard output; empty: none, with `sidecar`
  bool describe = false;  ///< write descriptions instead of captions,
  bool caption = false;   ///< and also the statements of captions
  DescribeChoices description;
  SidecarChoices sidecar;
  NameFilter filter;
  bool resume = false;
  bool retry_errors = false;
  bool overwrite = false;
  bool unordered = false;
  std::vector<std::string> tars;
  bool follow = false;     ///< wait for new files in the folders, until interrupted
  bool errors_ok = false;  ///< inputs that fail do not change the exit code
  std::string shard = "1/1";
  bool shard_by_input = false;  ///< whole files, such as archives, are the units of shards
  RunOptions run;
  RowFormat format = RowFormat::kJson;
  std::string row_template;  ///< of RowFormat::kTemplate
  std::string server;        ///< address of a `kiloword serve`; empty: none
};

/// --set, --map, --truth-list, --max-pixels, --ignore-profile: images of known classes.
struct LabelledOptions {
  std::string set;
  std::vector<std::string> inputs;  ///< trees with a folder per class, or archives of them
  std::string list;                 ///< lines PATH<TAB>CLASS; "-": standard input; empty: none
  std::string map_file;
  DecodeLimits limits;
};

struct EvalArguments {
  ModelOptions model;
  LabelledOptions images;
  std::string rank = "calibrated";
  std::optional<double> min_confidence;
  std::string plot_file;
  std::string details_file;
  Format format = Format::kText;
};

struct CalibrateArguments {
  ModelOptions model;
  LabelledOptions truth;
  std::vector<std::string> backgrounds;
  double precision = 0.8;
  double false_on_absent = 0.1;
  std::string output;
};

struct ListArguments {
  std::vector<std::string> inputs;
  NameFilter filter;
  std::string output;  ///< empty: standard output
  uint64_t parts = 0;  ///< 0: a single list, named `output`
  bool ends_with_nul = false;
  bool overwrite = false;
};

struct MergeArguments {
  std::vector<std::string> shards;
  std::string output;
  bool incomplete = false;
  bool overwrite = false;
  bool errors_ok = false;  ///< error rows do not change the exit code
  bool runs = false;       ///< merge separate runs instead of shards of one run
};

struct ReportArguments {
  std::vector<std::string> files;
  std::string output;  ///< "-": standard output
  bool overwrite = false;
  int thumbnail_px = 128;
  DecodeLimits limits;
  int threads = 0;
};

struct DescribeArguments : DescribeChoices {
  ModelOptions model;
  InputOptions input;
  bool watch = false;
  Format format = Format::kText;
  std::string server;  ///< address of a `kiloword serve`; empty: none
};

struct ServeArguments {
  ModelOptions model;
  StatementOptions statements;
  DecodeLimits limits{50'000'000, false};
  StatementOptions reading;                ///< only the options about words in images
  std::string engine = "lm";               ///< or "coca", without a language model
  std::string rerank;                      ///< the model that reranks the texts of a CoCa model; empty: none
  std::string language_model = "nano-lm";  ///< "none": no descriptions
  std::vector<std::string> index_files;    ///< index files to search; empty: none
  std::string bank_file;                   ///< of sentences for descriptions; empty: none
  std::string host = "127.0.0.1";
  int port = 8421;
  std::string socket;
  std::string token_file;
  std::string log_format = "text";
  int max_body_mib = 20;
  int max_tokens = 200;
  int queue = 64;
  int descriptions = 16;
  int connections = 128;
  int batch_size = 8;
  double request_timeout_s = 60;
  double receive_timeout_s = 30;
};

struct ScoreArguments {
  ModelOptions model;
  InputOptions input;
  std::vector<std::string> texts;
  Format format = Format::kText;
  std::string server;  ///< address of a `kiloword serve`; empty: none
};

struct EmbedArguments {
  ModelOptions model;
  InputOptions input;
  std::vector<std::string> texts;
  std::string npy_file;
  std::string server;  ///< address of a `kiloword serve`; empty: none
};

struct IndexArguments {
  ModelOptions model;
  DecodeLimits limits;
  std::string folder;
  std::string index_file;  ///< empty: in the folder
  NameFilter filter;
  bool overwrite = false;
  RunOptions run;
};

/// Selection of an index's images, and output format.
struct IndexChoice {
  std::string folder;  ///< empty: the whole index of the current folder
  bool incomplete = false;
  bool ends_with_nul = false;  ///< only paths, each terminated by a NUL byte
  Format format = Format::kText;
};

struct SearchArguments {
  ModelOptions model;
  DecodeLimits limits;
  IndexChoice index;
  std::vector<std::string> index_files;  ///< empty: that of the folder or its nearest ancestor with one
  std::vector<std::string> terms;        ///< "+" and "-" between texts and files
  std::vector<std::string> like;
  SearchChoices choices;
  std::string page;        ///< an HTML file instead of lines; "-": standard output; empty: none
  int thumbnail_px = 256;  ///< on the page
  bool overwrite = false;  ///< of the page
};

struct DuplicatesArguments {
  IndexChoice index;
  std::string index_file;  ///< empty: that of the folder or its nearest ancestor with one
  double min_cosine = 0.98;
  int threads = 0;
};

struct TokenizeArguments {
  std::string model = kDefaultModel;
  std::vector<std::string> texts;
  bool lines = false;
};

struct LabelsListArguments {
  Format format = Format::kText;
};

struct LabelsShowArguments {
  std::string set;
  Format format = Format::kText;
};

struct LabelsLintArguments {
  std::string model = kDefaultModel;
  std::vector<std::string> files;
};

struct LabelsAddExampleArguments {
  ModelOptions model;
  std::string set;
  std::string label;
  std::vector<std::string> images;
  std::vector<std::string> backgrounds;
  DecodeLimits limits;
};

struct LabelsRemoveExamplesArguments {
  std::string set;
  std::string label;  ///< empty: all labels
};

struct LabelsBuildArguments {
  ModelOptions model;
  std::vector<std::string> labels;
};

struct ModelsListArguments {
  Format format = Format::kText;
};

struct ModelsInfoArguments {
  std::string model;
  Format format = Format::kText;
};

struct ModelsPullArguments {
  std::vector<std::string> models;
};

struct ModelsRemoveArguments {
  std::vector<std::string> models;
  bool dry_run = false;
};

struct ModelsPruneArguments {
  bool dry_run = false;
};

struct ModelsAddArguments {
  std::string file;
};

struct ModelsPathArguments {
  std::string model;
};

struct ModelsVerifyArguments {
  std::string model;
};

struct DoctorArguments {
  ModelOptions model;
  std::string language_model = "nano-lm";
  bool bench = false;  ///< also benchmark the models
  Format format = Format::kText;
  std::string configuration_file;  ///< may not exist; empty: none
  std::vector<Setting> settings;   ///< from the environment and the configuration file
};

}  // namespace kiloword::cli
