#include <vector>

#include "cli/commands/commands.h"
#include "cli/inputs.h"
#include "cli/record_text.h"
#include "cli/session.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/pipeline/score_texts.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword::cli {

int run_score(const ScoreArguments& arguments, Console& console) {
  const bool many = shows_filenames(arguments.input);
  const LoadedModel model = open_model(arguments.model.model, arguments.model.compute, console);
  ImageTextEncoder& encoder = *model.encoder;
  const Embeddings texts = encoder.encode_texts(arguments.texts);
  return for_each_input(
      arguments.input, arguments.model, encoder.preprocess(), console, [&](const PreparedImage& image) {
        if (image.error) {
          write_scores(error_json(image.path, *image.error), arguments.format, many);
          return;
        }
        const Embeddings embedding = encoder.encode_images(image.pixels, 1);
        const std::vector<TextScore> scores = score_texts(arguments.texts, cosines(embedding.row(0), texts),
                                                          {encoder.logit_scale(), encoder.logit_bias()});
        write_scores(score_json(image.path, scores, image.width, image.height, model.entry.name, image.ms),
                     arguments.format, many);
      });
}

}  // namespace kiloword::cli
