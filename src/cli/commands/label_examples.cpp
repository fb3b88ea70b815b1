#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/input/open_engine.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/base/utf8.h"
#include "kiloword/batch/input_lister.h"
#include "kiloword/engine/example_store.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;

/// Some of the inputs below `folders`, from all parts of the listing: every one, every second, every fourth,
/// as few as it takes to stay below kMaxBackgroundPictures.
std::vector<BatchInput> sample_inputs(const std::vector<std::string>& folders) {
  ListingOptions listing;
  listing.inputs = folders;
  InputLister lister(listing);
  std::vector<BatchInput> sample;
  uint64_t stride = 1;
  for (uint64_t number = 0; auto input = lister.next(); ++number) {
    if (number % stride != 0) continue;
    sample.push_back(std::move(*input));
    if (sample.size() < kMaxBackgroundPictures) continue;
    stride *= 2;
    for (size_t i = 0; 2 * i < sample.size(); ++i) sample[i] = std::move(sample[2 * i]);
    sample.resize((sample.size() + 1) / 2);
  }
  return sample;
}

std::vector<float> stored(const Embeddings& embedding) {
  return stored_embedding(embedding.row(0), static_cast<size_t>(embedding.dim));
}

std::vector<std::vector<float>> embed_background(const LabelsAddExampleArguments& arguments,
                                                 const Engine& engine, Console& console) {
  std::vector<std::vector<float>> background;
  std::vector<BatchInput> inputs = sample_inputs(arguments.backgrounds);
  size_t next = 0;
  for_each_encoded_image(
      [&]() -> std::optional<ImageInput> {
        if (next == inputs.size()) return std::nullopt;
        return std::move(inputs[next++]);
      },
      engine.parts().encoder(), engine.parts().encoding(),
      [&](const EncodedImage& encoded) {
        if (encoded.image.error) {
          console.warning(std::string(encoded.image.error->what()) + "; it is left out of the background");
          return;
        }
        background.push_back(stored(encoded.embedding));
        console.progress("background images", static_cast<int64_t>(background.size()),
                         static_cast<int64_t>(inputs.size()));
      });
  console.progress_ended();
  if (background.size() < kMinBackgroundPictures) {
    throw Error(ErrorKind::kInput,
                "only " + std::to_string(background.size()) + " background images that can be read",
                "--background",
                "give at least " + std::to_string(kMinBackgroundPictures) + ", better a few hundred");
  }
  return background;
}

/// All of them or, with an exception for the first that cannot be read, none.
std::vector<std::vector<float>> embed_examples(const LabelsAddExampleArguments& arguments,
                                               const Engine& engine) {
  std::vector<std::vector<float>> pictures;
  for_each_encoded_image(arguments.images, engine.parts().encoder(), engine.parts().encoding(),
                         [&](const EncodedImage& encoded) {
                           if (encoded.image.error) throw Error(*encoded.image.error);
                           pictures.push_back(stored(encoded.embedding));
                         });
  return pictures;
}

std::string count_text(size_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace

int run_labels_add_example(const LabelsAddExampleArguments& arguments, Console& console) {
  if (!is_label_name(arguments.label)) {
    throw Error(ErrorKind::kUsage, "no name for a label: " + quote(arguments.label), "",
                "give one line without '|', not too long, that does not begin with '#'");
  }
  const LabelSet set = load_named_set(arguments.set);
  for (const Label& label : set.labels) {
    if (label.has_text || label.name != arguments.label) continue;
    throw Error(ErrorKind::kUsage, "label " + quote(label.name) + " has no text of its own", "",
                "give the images to its kinds");
  }
  const Engine engine = open_engine(arguments.model, arguments.limits, /*many_images=*/true, console);
  const ImageTextEncoder& encoder = engine.parts().encoder();
  const std::vector<std::vector<float>> pictures = embed_examples(arguments, engine);
  std::vector<std::vector<float>> background;
  if (!arguments.backgrounds.empty()) background = embed_background(arguments, engine, console);

  const fs::path folder = examples_folder(set);
  const Descriptor lock = lock_examples(folder);
  const fs::path file = examples_file(folder, encoder.fingerprint());
  SetExamples examples = read_examples(file).value_or(SetExamples());
  if (!background.empty()) examples.background = std::move(background);
  if (examples.background.empty()) {
    throw Error(ErrorKind::kUsage, "no background images to compare the examples with", "",
                "give a few hundred images of all kinds with --background DIR, once for each set and model");
  }
  examples.model = engine.model_name();
  examples.set = set.name;
  examples.model_fingerprint = encoder.fingerprint();
  examples.dim = static_cast<size_t>(encoder.embedding_dim());
  size_t added = 0;
  for (const std::vector<float>& picture : pictures)
    added += add_example(examples, arguments.label, picture) ? 1U : 0U;
  write_examples(file, examples);
  const auto stored =
      std::find_if(examples.labels.begin(), examples.labels.end(),
                   [&](const LabelExamples& of_label) { return of_label.label == arguments.label; });
  console.note("label set " + printable(set.name) + ", label " + printable(arguments.label) + ": " +
               count_text(added, "new example") + ", " + std::to_string(stored->pictures.size()) +
               " in all, under model " + printable(engine.model_name()) +
               "; recalibrate the set, older calibrations no longer apply");
  write_line(file.string());
  return 0;
}

}  // namespace kiloword::cli
