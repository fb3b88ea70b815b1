#include "cli/commands/commands.h"
#include "cli/encode_inputs.h"
#include "cli/inputs.h"
#include "cli/record_text.h"
#include "kiloword/engine/loaded_model.h"
#include "kiloword/pipeline/captioner.h"

namespace kiloword::cli {

int run_caption(const CaptionArguments& arguments, Console& console) {
  const bool named = shows_filenames(arguments.input);
  const LoadedModel model = open_model(arguments.model.model, arguments.model.compute, console);
  const LabelBank bank =
      open_label_bank(arguments.statements.labels, model, rank_rule(arguments.statements.rank), console);
  const Captioner captioner(*model.encoder, bank, captioner_options(arguments.statements, model.entry.name));
  EncodeOptions encoding = encode_options(arguments.model, arguments.input.limits);
  encoding.writing = captioner.writing();
  return for_each_input(arguments.input, *model.encoder, encoding, console, [&](const EncodedImage& image) {
    write_caption(to_json(captioner.caption(image)), arguments.format, named);
  });
}

}  // namespace kiloword::cli
