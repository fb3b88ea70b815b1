#include "kiloword/batch/merge.h"

#include <filesystem>
#include <system_error>

#include "cli/batch_progress.h"
#include "cli/commands/commands.h"
#include "kiloword/base/error.h"

namespace kiloword::cli {

int run_merge(const MergeArguments& arguments, Console& console) {
  std::error_code ignored;
  if (!arguments.overwrite && std::filesystem::exists(arguments.output, ignored) &&
      !std::filesystem::is_other(arguments.output, ignored)) {
    throw Error(ErrorKind::kUsage, "the output is there already", arguments.output,
                "replace it with --overwrite, or name another file");
  }
  const MergeCount count = merge_shards(arguments.shards, arguments.output, arguments.incomplete);
  console.note(grouped(count.rows) + " rows merged, " + grouped(count.failed) + " of them errors");
  return count.failed > 0 ? 1 : 0;
}

}  // namespace kiloword::cli
