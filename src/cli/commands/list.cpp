#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/output/batch_progress.h"
#include "cli/output/output.h"
#include "kiloword/base/output_target.h"
#include "kiloword/batch/input_lister.h"
#include "kiloword/batch/parted_list.h"

namespace kiloword::cli {
namespace {

ListingOptions listing_options(const ListArguments& arguments) {
  ListingOptions options;
  options.inputs = arguments.inputs;
  options.filter = arguments.filter;
  options.files_only = true;
  return options;
}

/// Parts that an earlier, longer list has left would be taken for parts of this one.
void refuse_further_part(const PartedList& list, uint64_t parts) {
  std::error_code ignored;
  const std::string further = list.part_name(parts + 1);
  if (parts == 0 || !std::filesystem::exists(further, ignored)) return;
  throw Error(ErrorKind::kUsage, "is part of an earlier list with more parts", further,
              "remove those parts first, or write to another name");
}

/// Those of the files that will be replaced that are there.
std::vector<std::string> replaced_files(const ListArguments& arguments, const PartedList& list) {
  std::vector<std::string> files;
  const auto add = [&files](const std::string& name) {
    std::error_code ignored;
    if (std::filesystem::exists(name, ignored)) files.push_back(name);
  };
  if (arguments.parts == 0) add(arguments.output);
  for (uint64_t number = 1; number <= arguments.parts; ++number) add(list.part_name(number));
  return files;
}

/// The list that -o names; none where paths are printed.
std::unique_ptr<PartedList> open_list(const ListArguments& arguments, char separator) {
  if (arguments.output.empty()) return nullptr;
  auto list = std::make_unique<PartedList>(arguments.output, arguments.parts, separator);
  refuse_further_part(*list, arguments.parts);
  if (arguments.overwrite) return list;
  if (arguments.parts == 0) refuse_existing_output(arguments.output);
  for (uint64_t number = 1; number <= arguments.parts; ++number) {
    refuse_existing_output(list->part_name(number));
  }
  return list;
}

}  // namespace

int run_list(const ListArguments& arguments, Console& console) {
  if (std::count(arguments.inputs.begin(), arguments.inputs.end(), "-") > 0) {
    throw Error(ErrorKind::kUsage, "standard input cannot be listed", "", "name files or folders");
  }
  if (arguments.parts > 0 && (arguments.output.empty() || arguments.output == "-")) {
    throw Error(ErrorKind::kUsage, "parts of a list need a name", "--parts", "give one with -o");
  }
  if (arguments.parts > 0 && output_kind(arguments.output) == OutputKind::kStream) {
    throw Error(ErrorKind::kUsage, "cannot be the name of a list's parts", arguments.output,
                "name a file with -o");
  }
  const char separator = arguments.ends_with_nul ? '\0' : '\n';
  const std::unique_ptr<PartedList> list = open_list(arguments, separator);
  InputLister lister(listing_options(arguments));
  const std::vector<std::string> outputs =
      list ? replaced_files(arguments, *list) : std::vector<std::string>();
  uint64_t failed = 0;
  uint64_t listed = 0;
  while (auto input = lister.next()) {
    std::error_code ignored;
    if (!input->error && !std::filesystem::exists(input->path, ignored)) {
      input->error = Error(ErrorKind::kInput, "no such file or directory", input->path);
    }
    if (input->error) {
      console.error(*input->error);
      ++failed;
      continue;
    }
    ++listed;
    if (list) {
      for (const std::string& output : outputs) refuse_input_as_output(output, {input->path});
      list->add(input->path);
    } else {
      write_text(input->path + separator);
    }
  }
  if (list) {
    list->finish();
    console.note(grouped(list->size()) + (list->size() == 1 ? " file listed" : " files listed"));
  }
  if (listed == 0 && failed == 0) {
    const std::string left_out = lister.left_out().text(/*all=*/true);
    throw Error(ErrorKind::kInput, "no image found", "",
                left_out.empty() ? "give images, or folders and archives of images" : "skipped: " + left_out);
  }
  return failed > 0 ? 1 : 0;
}

}  // namespace kiloword::cli
