#include <cstdio>
#include <string>

#include "cli/calibration_store.h"
#include "cli/commands/commands.h"
#include "cli/session.h"
#include "kiloword/base/utf8.h"
#include "kiloword/labels/rank_rule.h"
#include "kiloword/pipeline/captioner.h"

namespace kiloword::cli {
namespace {

std::string number(const char* format, double value) {
  char buffer[32];  // NOLINT(modernize-avoid-c-arrays): snprintf's
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

/// For each set a line with its verdict, then its best labels, indented below the caption.
void write_explanation(const CaptionRecord& record) {
  for (const ExplainedSet& set : record.explained) {
    write_line("  " + printable(set.set) + ": " + (set.said ? "said" : "left out, " + set.reason));
    for (const LabelRecord& label : set.labels) {
      write_line("    " + number("%7.4f", label.cosine) + "  " + number("%5.1f %%", 100 * label.probability) +
                 "  " + printable(label.label));
    }
  }
}

void write_record(const CaptionRecord& record, Format format) {
  if (format == Format::kJson) {
    write_line(to_json(record));
  } else if (!record.error) {
    write_line(record.caption);
    write_explanation(record);
  }
}

}  // namespace

int run_caption(const CaptionArguments& arguments, Console& console) {
  const LoadedModel model = load_model(arguments.model, console);
  LabelBank bank = load_label_bank(arguments.statements.labels, model, console);
  apply_calibrations(bank, model, rank_rule(arguments.statements.rank), console);
  const Captioner captioner(*model.encoder, bank, captioner_options(arguments.statements, model.entry.name));
  return for_each_input(
      arguments.input, arguments.model, model.encoder->preprocess(), console,
      [&](const PreparedImage& image) { write_record(captioner.caption(image), arguments.format); });
}

}  // namespace kiloword::cli
