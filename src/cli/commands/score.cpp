#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/inputs.h"
#include "cli/session.h"
#include "kiloword/base/utf8.h"
#include "kiloword/labels/ranking.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword::cli {
namespace {

/// Every text with its cosine and its probability (with a softmax: its share among all of them), in the order
/// given.
std::vector<TextScore> score_texts(const std::vector<std::string>& texts, std::vector<float> text_cosines,
                                   const LogitRule& logits) {
  std::vector<TextScore> scores(texts.size());
  for (const ScoredLabel& scored : top_labels({std::move(text_cosines), {}}, logits, texts.size())) {
    scores[scored.label] = {texts[scored.label], scored.cosine, scored.probability};
  }
  return scores;
}

void write_table(const std::string& path, bool with_path, const std::vector<TextScore>& scores) {
  if (with_path) write_line(printable(path) + ":");
  for (const TextScore& score : scores) {
    char numbers[48];  // NOLINT(modernize-avoid-c-arrays): snprintf's
    std::snprintf(numbers, sizeof numbers, "%7.4f  %5.1f %%  ", score.cosine, 100 * score.probability);
    write_line(numbers + printable(score.text));
  }
}

}  // namespace

int run_score(const ScoreArguments& arguments, Console& console) {
  const bool many = require_inputs(arguments.input) > 1;
  const LoadedModel model = load_model(arguments.model, console);
  ImageTextEncoder& encoder = *model.encoder;
  const Embeddings texts = encoder.encode_texts(arguments.texts);
  return for_each_input(
      arguments.input, arguments.model, encoder.preprocess(), console, [&](const PreparedImage& image) {
        const bool json = arguments.format == Format::kJson;
        if (image.error) {
          if (json) write_line(error_json(image.path, *image.error));
          return;
        }
        const Embeddings embedding = encoder.encode_images(image.pixels, 1);
        const std::vector<TextScore> scores = score_texts(arguments.texts, cosines(embedding.row(0), texts),
                                                          {encoder.logit_scale(), encoder.logit_bias()});
        if (json) {
          write_line(score_json(image.path, scores, image.width, image.height, model.entry.name, image.ms));
        } else {
          write_table(image.path, many, scores);
        }
      });
}

}  // namespace kiloword::cli
