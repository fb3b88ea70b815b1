#include <vector>

#include "cli/commands/commands.h"
#include "cli/input/inputs.h"
#include "cli/input/open_engine.h"
#include "cli/output/record_text.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/pipeline/score_texts.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword::cli {

int run_score(const ScoreArguments& arguments, Console& console) {
  const bool many = shows_filenames(arguments.input);
  const bool many_images = require_inputs(arguments.input) > 1;
  const Engine engine = open_engine(arguments.model, arguments.input, many_images, console);
  ImageTextEncoder& encoder = engine.parts().encoder();
  const std::vector<std::string> warnings = engine.parts().warn_of_cut_texts(arguments.texts);
  const Embeddings texts = encoder.encode_texts(arguments.texts);
  return for_each_input(arguments.input, engine, console, [&](const EncodedImage& encoded) {
    const PreparedImage& image = encoded.image;
    if (image.error) {
      write_scores(error_json(image.path, *image.error), arguments.format, many);
      return;
    }
    const std::vector<TextScore> scores =
        score_texts(arguments.texts, cosines(encoded.embedding.row(0), texts),
                    {encoder.logit_multiplier(), encoder.logit_bias()});
    write_scores(
        score_json(image.path, scores, image.width, image.height, engine.model_name(), image.ms, warnings),
        arguments.format, many);
  });
}

}  // namespace kiloword::cli
