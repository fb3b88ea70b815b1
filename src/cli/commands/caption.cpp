#include "cli/calibration_store.h"
#include "cli/commands/commands.h"
#include "cli/inputs.h"
#include "cli/record_text.h"
#include "cli/session.h"
#include "kiloword/client/fetch_image.h"
#include "kiloword/labels/rank_rule.h"
#include "kiloword/pipeline/captioner.h"

namespace kiloword::cli {

int run_caption(const CaptionArguments& arguments, Console& console) {
  const bool named = shows_filenames(arguments.input);
  const LoadedModel model = load_model(arguments.model, console);
  LabelBank bank = load_label_bank(arguments.statements.labels, model, console);
  apply_calibrations(bank, model, rank_rule(arguments.statements.rank), console);
  const Captioner captioner(*model.encoder, bank, captioner_options(arguments.statements, model.entry.name));
  Preparation preparation = captioner.preparation();
  FetchLimits fetching;
  fetching.allow_private = arguments.allow_private;
  preparation.fetch = [fetching](const std::string& url) { return fetch_image(url, fetching); };
  return for_each_input(
      arguments.input, arguments.model, model.encoder->preprocess(), console,
      [&](const PreparedImage& image) {
        write_caption(to_json(captioner.caption(image)), arguments.format, named);
      },
      preparation);
}

}  // namespace kiloword::cli
