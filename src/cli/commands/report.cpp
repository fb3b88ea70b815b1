#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/commands/commands.h"
#include "cli/output/batch_progress.h"
#include "cli/output/page_output.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/thread_count.h"
#include "kiloword/base/utf8.h"
#include "kiloword/report/report_page.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;

std::string source_name(const std::string& file) {
  return file == "-" ? "standard input" : fs::path(file).filename().string();
}

std::string images_text(uint64_t images) {
  return grouped(images) + (images == 1 ? " image" : " images");
}

/// Returns whether whole lines were passed over.
bool tell_skipped(const std::vector<SkippedLines>& skipped, Console& console) {
  bool whole_lines = false;
  for (const SkippedLines& lines : skipped) {
    const std::string where = ", " + printable(lines.file);
    if (lines.torn_end) console.warning("the last line is truncated and was skipped" + where);
    if (lines.lines == 0) continue;
    whole_lines = true;
    console.warning(grouped(lines.lines) +
                    (lines.lines == 1 ? " line is not a record" : " lines are not records") +
                    " and skipped, the first is line " + std::to_string(lines.first_line) + " (" +
                    lines.first_reason + ")" + where);
  }
  return whole_lines;
}

}  // namespace

int run_report(const ReportArguments& arguments, Console& console) {
  if (std::count(arguments.files.begin(), arguments.files.end(), "-") > 1) {
    throw Error(ErrorKind::kUsage, "standard input can be read only once", "", "use '-' for one input");
  }
  RowReader rows(arguments.files);
  PageOutput output(arguments.output, arguments.overwrite);
  ReportOptions options;
  for (const std::string& file : arguments.files) options.sources.push_back(source_name(file));
  options.output = arguments.output;
  options.thumbnail_px = arguments.thumbnail_px;
  options.limits = arguments.limits;
  options.threads = thread_count(arguments.threads);
  options.stop = interrupt_requested;
  options.progress = [&console](uint64_t images) {
    console.images_done(static_cast<int64_t>(images), -1, /*between=*/false);
  };
  drain_on_first_interrupt();  // so that an unfinished file is removed
  const std::optional<ReportSummary> summary =
      write_report(rows, options, [&output](std::string_view bytes) { output.write(bytes); });
  console.progress_ended();
  if (!summary) return kInterruptedExit;
  output.finish();
  const bool lines_skipped = tell_skipped(rows.skipped(), console);
  if (summary->without_thumbnail > 0) {
    console.warning("no thumbnail of " + images_text(summary->without_thumbnail) +
                    ": they cannot be read from here; paths are relative to the folder that kiloword is "
                    "started in");
  }
  console.note(images_text(summary->images) + ", " + grouped(summary->failed()) + " of them errors");
  return lines_skipped ? 1 : 0;
}

}  // namespace kiloword::cli
