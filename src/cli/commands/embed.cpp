#include "cli/commands/commands.h"
#include "cli/input/inputs.h"
#include "cli/input/open_engine.h"
#include "cli/output/embedding_sink.h"
#include "kiloword/scoring/cut_text.h"

namespace kiloword::cli {

int run_embed(const EmbedArguments& arguments, Console& console) {
  const bool many = arguments.texts.empty() && require_inputs(arguments.input) > 1;
  const Engine engine = open_engine(arguments.model, arguments.input, many, console);
  EmbeddingSink sink(arguments.npy_file, engine.embedding_dim());
  int exit_code = 0;
  if (arguments.texts.empty()) {
    exit_code = for_each_input(arguments.input, engine, console, [&](const EncodedImage& encoded) {
      const PreparedImage& image = encoded.image;
      if (image.error) {
        sink.put_error(image.path, *image.error);
      } else {
        sink.put("path", image.path, encoded.embedding.row(0));
      }
    });
  } else {
    EngineParts& parts = engine.parts();
    parts.warn_of_cut_texts(arguments.texts);
    const Embeddings embeddings = parts.encoder().encode_texts(arguments.texts);
    for (size_t i = 0; i < arguments.texts.size(); ++i) {
      sink.put("text", arguments.texts[i], embeddings.row(static_cast<int64_t>(i)),
               cut_text_warnings(parts.encoder(), {arguments.texts[i]}));
    }
  }
  sink.finish();
  return exit_code;
}

}  // namespace kiloword::cli
