#include "cli/parser/search_commands.h"

#include "cli/commands/commands.h"
#include "cli/parser/option_groups.h"
#include "cli/parser/table_options.h"

namespace kiloword::cli {
namespace {

void add_index_file_option(CLI::App& command, std::string& file, const std::string& default_file) {
  command.add_option("--index", file, "The index file; default: " + default_file)
      ->type_name("FILE")
      ->check(not_empty());
}

constexpr const char* kNearestIndex = ".kiloword-index in the folder, or the nearest one above it";

void add_index_choice(CLI::App& command, IndexChoice& choice) {
  command.add_flag("--incomplete", choice.incomplete, "Use an index whose last update was interrupted");
  command.add_flag("-0,--null", choice.ends_with_nul, "Print paths alone, each ended by a NUL byte");
}

/// How images are decoded, as the index that they go into or are looked up in was made.
void add_image_options(CLI::App& command, DecodeLimits& limits) {
  add_decoding_options(command, limits);
  command.add_flag("--exact", limits.exact, "Decode large JPEGs at full size");
}

void add_index(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<IndexArguments>(builder.app(), "index",
                                                "Index a folder's images for search, or update the index",
                                                command, builder.engine().index);
  command->add_option("FOLDER", arguments.folder, "The folder, including all subfolders")
      ->required()
      ->type_name("")
      ->check(CLI::ExistingDirectory.description(""));
  add_index_file_option(*command, arguments.index_file, ".kiloword-index in the folder");
  command->add_flag("--overwrite", arguments.overwrite, "Rebuild the index");
  add_pattern_options(*command, arguments.filter);
  command->add_flag("--hidden", arguments.filter.hidden, "Take names that begin with a dot as well");
  add_run_options(*command, arguments.run);
  add_image_options(*command, arguments.limits);
  add_model_options(*command, arguments.model);
}

void add_page_options(CLI::App& command, SearchArguments& arguments) {
  const OptionGroup group(command, "Output");
  CLI::Option* page =
      command.add_option("--html", arguments.page, "Write one page with thumbnails; -: standard output")
          ->type_name("FILE.html")
          ->check(not_empty())
          ->excludes(command.get_option("--null"))
          ->excludes(command.get_option("--format"));
  command
      .add_option("--thumbnails", arguments.thumbnail_px,
                  "With --html: pixels of the longer side of thumbnails; 0: none")
      ->type_name("N")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str()
      ->needs(page);
  command.add_flag("--overwrite", arguments.overwrite, "With --html: replace an existing page")->needs(page);
}

void add_search(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<SearchArguments>(
      builder.app(), "search", "Find images of an index by text, by image, by label, or by all of these",
      command, builder.engine().search);
  command->add_option("QUERY", arguments.terms, "Texts and image files, with + and - between them")
      ->type_name("");
  command->add_option("--like", arguments.like, "Find images like this one; repeatable")
      ->type_name("IMAGE")
      ->allow_extra_args(false);
  command->add_option("--in", arguments.index.folder, "Only images below this folder")
      ->type_name("FOLDER")
      ->check(CLI::ExistingDirectory.description(""));
  add_table(*command, arguments.choices, image_search_options());
  command
      ->add_option("--index", arguments.index_files,
                   std::string("An index file, or a folder with one; repeatable; default:\n") + kNearestIndex)
      ->type_name("FILE")
      ->check(not_empty())
      ->allow_extra_args(false);
  add_index_choice(*command, arguments.index);
  add_format_option(*command, arguments.index.format, "one record a line");
  add_page_options(*command, arguments);
  add_image_options(*command, arguments.limits);
  add_model_options(*command, arguments.model);
}

void add_duplicates(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<DuplicatesArguments>(
      builder.app(), "duplicates", "Group near-duplicate images of an index", command, run_duplicates);
  command
      ->add_option("FOLDER", arguments.index.folder,
                   "Only images below this folder; default: the whole index")
      ->type_name("")
      ->check(CLI::ExistingDirectory.description(""));
  command->add_option("--min-cosine", arguments.min_cosine, "Least cosine of near-duplicates")
      ->type_name("C")
      ->check(range_check(0, 1))
      ->capture_default_str();
  add_index_file_option(*command, arguments.index_file, kNearestIndex);
  add_index_choice(*command, arguments.index);
  add_format_option(*command, arguments.index.format, "one group a line");
  command->add_option("--threads", arguments.threads, "Cores to use; 0: all")
      ->type_name("N")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
}

}  // namespace

void add_search_commands(ParserBuilder& builder) {
  add_index(builder);
  add_search(builder);
  add_duplicates(builder);
}

}  // namespace kiloword::cli
