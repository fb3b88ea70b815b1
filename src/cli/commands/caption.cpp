#include "cli/calibration_store.h"
#include "cli/commands/commands.h"
#include "cli/inputs.h"
#include "cli/record_text.h"
#include "cli/session.h"
#include "kiloword/labels/rank_rule.h"
#include "kiloword/pipeline/captioner.h"

namespace kiloword::cli {
namespace {

/// How long the first words on a picture may be waited for.
constexpr double kPatience_s = 20;

}  // namespace

int run_caption(const CaptionArguments& arguments, Console& console) {
  const bool named = shows_filenames(arguments.input);
  const LoadedModel model = load_model(arguments.model, console);
  EmbeddingLimits limits;
  if (arguments.statements.labels.empty() && !arguments.wait) limits = {kPatience_s, {"medium", "people"}};
  LabelBank bank = load_label_bank(arguments.statements.labels, model, console, limits);
  apply_calibrations(bank, model, rank_rule(arguments.statements.rank), console);
  const Captioner captioner(*model.encoder, bank, captioner_options(arguments.statements, model.entry.name));
  return for_each_input(
      arguments.input, arguments.model, model.encoder->preprocess(), console,
      [&](const PreparedImage& image) {
        write_caption(to_json(captioner.caption(image)), arguments.format, named);
      },
      captioner.writing());
}

}  // namespace kiloword::cli
