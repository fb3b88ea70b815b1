#include <string>

#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "kiloword/base/utf8.h"
#include "kiloword/engine/loaded_model.h"

namespace kiloword::cli {

int run_labels_build(const LabelsBuildArguments& arguments, Console& console) {
  const LoadedModel model = open_model(arguments.model.model, arguments.model.compute, console);
  const LabelBank bank = open_label_bank(arguments.labels, model, RankRule::kProbability, console);
  for (const EmbeddedLabelSet& set : bank.sets()) {
    write_line(printable(set.chosen.set.name) + ": " + std::to_string(set.chosen.set.labels.size()) +
               " labels");
  }
  write_line(std::to_string(bank.texts_encoded()) + " texts encoded with model " +
             printable(model.entry.name));
  return 0;
}

}  // namespace kiloword::cli
