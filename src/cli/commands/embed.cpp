#include "cli/commands/commands.h"
#include "cli/embedding_sink.h"
#include "cli/encode_inputs.h"
#include "kiloword/engine/loaded_model.h"

namespace kiloword::cli {

int run_embed(const EmbedArguments& arguments, Console& console) {
  const LoadedModel model = open_model(arguments.model.model, arguments.model.compute, console);
  ImageTextEncoder& encoder = *model.encoder;
  EmbeddingSink sink(arguments.npy_file, encoder.embedding_dim());
  int exit_code = 0;
  if (arguments.texts.empty()) {
    const EncodeOptions encoding = encode_options(arguments.model, arguments.input.limits);
    exit_code = for_each_input(arguments.input, encoder, encoding, console, [&](const EncodedImage& encoded) {
      const PreparedImage& image = encoded.image;
      if (image.error) {
        sink.put_error(image.path, *image.error);
      } else {
        sink.put("path", image.path, encoded.embedding.row(0));
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
