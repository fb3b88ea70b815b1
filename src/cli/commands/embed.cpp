#include "cli/commands/commands.h"
#include "cli/embedding_sink.h"
#include "cli/session.h"

namespace kiloword::cli {

int run_embed(const EmbedArguments& arguments, Console& console) {
  const LoadedModel model = open_model(arguments.model.model, arguments.model.compute, console);
  ImageTextEncoder& encoder = *model.encoder;
  EmbeddingSink sink(arguments.npy_file, encoder.embedding_dim());
  int exit_code = 0;
  if (arguments.texts.empty()) {
    exit_code = for_each_input(
        arguments.input, arguments.model, encoder.preprocess(), console, [&](const PreparedImage& image) {
          if (image.error) {
            sink.put_error(image.path, *image.error);
          } else {
            sink.put("path", image.path, encoder.encode_images(image.pixels, 1).row(0));
          }
        });
  } else {
    const Embeddings embeddings = encoder.encode_texts(arguments.texts);
    for (size_t i = 0; i < arguments.texts.size(); ++i) {
      sink.put("text", arguments.texts[i], embeddings.row(static_cast<int64_t>(i)));
    }
  }
  sink.finish();
  return exit_code;
}

}  // namespace kiloword::cli
