#include <string>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/base/utf8.h"
#include "kiloword/engine/example_store.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;

}  // namespace

int run_labels_remove_examples(const LabelsRemoveExamplesArguments& arguments, Console& console) {
  const LabelSet set = load_named_set(arguments.set);
  const fs::path folder = examples_folder(set);
  size_t removed = 0;
  if (!example_files(folder).empty()) {
    const Descriptor lock = lock_examples(folder);
    for (const fs::path& file : example_files(folder)) {
      SetExamples examples = read_examples(file).value_or(SetExamples());
      std::vector<LabelExamples> kept;
      for (LabelExamples& of_label : examples.labels) {
        if (arguments.label.empty() || of_label.label == arguments.label) {
          removed += of_label.pictures.size();
        } else {
          kept.push_back(std::move(of_label));
        }
      }
      if (kept.size() == examples.labels.size()) continue;
      examples.labels = std::move(kept);
      write_examples(file, examples);
    }
  }
  if (removed == 0) {
    throw Error(ErrorKind::kLabels,
                "no examples" + (arguments.label.empty() ? "" : " of " + quote(arguments.label)), set.name,
                "run `kiloword labels show " + set.name + "`");
  }
  console.note("label set " + printable(set.name) + ": " + std::to_string(removed) +
               (removed == 1 ? " example" : " examples") + " removed");
  return 0;
}

}  // namespace kiloword::cli
