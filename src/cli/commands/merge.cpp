#include "kiloword/batch/merge.h"

#include "cli/commands/commands.h"
#include "cli/output/batch_progress.h"
#include "kiloword/base/output_target.h"

namespace kiloword::cli {

int run_merge(const MergeArguments& arguments, Console& console) {
  for (const std::string& shard : arguments.shards) {
    refuse_input_as_output(arguments.output, {shard_mark_path(shard)});
  }
  if (!arguments.overwrite) refuse_existing_output(arguments.output);
  const auto progress = [&console](const std::string& task, int64_t done, int64_t total) {
    console.progress(task, done, total);
  };
  const MergeCount count =
      arguments.runs ? merge_runs(arguments.shards, arguments.output, progress)
                     : merge_shards(arguments.shards, arguments.output, arguments.incomplete, progress);
  console.progress_ended();
  console.note(grouped(count.rows) + " rows merged, " + grouped(count.failed) + " of them errors");
  return count.failed > 0 && !arguments.errors_ok ? 1 : 0;
}

}  // namespace kiloword::cli
