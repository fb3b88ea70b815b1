#include "cli/input/open_engine.h"

#include <utility>

#include "cli/input/inputs.h"

namespace kiloword::cli {

Engine open_engine(const ModelOptions& model, const DecodeLimits& limits, bool many_images, Console& console,
                   const std::string& language_model,
                   std::function<std::string(const std::string& url)> fetch) {
  EngineOptions options;
  options.model = model.model;
  options.language_model = language_model;
  options.compute = model.compute;
  options.decoding = limits;
  options.memory_bytes = model.memory_bytes;
  options.many_images = many_images;
  options.fetch = std::move(fetch);
  return Engine::open(options, console);
}

Engine open_engine(const ModelOptions& model, const InputOptions& inputs, bool many_images, Console& console,
                   const std::string& language_model) {
  return open_engine(model, inputs.limits, many_images, console, language_model, image_fetcher(inputs));
}

int for_each_input(const InputOptions& inputs, const Engine& engine, Console& console,
                   const std::function<void(const EncodedImage&)>& use) {
  const EngineParts& parts = engine.parts();
  bool some_failed = false;
  const std::vector<std::string> paths = collect_inputs(inputs);
  int64_t done = 0;
  for_each_encoded_image(paths, parts.encoder(), parts.encoding(), [&](const EncodedImage& encoded) {
    if (encoded.image.error) {
      some_failed = true;
      console.error(*encoded.image.error);
    }
    use(encoded);
    console.images_done(++done, static_cast<int64_t>(paths.size()));
  });
  console.progress_ended();
  return some_failed ? 1 : 0;
}

}  // namespace kiloword::cli
