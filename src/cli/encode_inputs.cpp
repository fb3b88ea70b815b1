#include "cli/encode_inputs.h"

#include "cli/inputs.h"
#include "kiloword/base/thread_count.h"

namespace kiloword::cli {

EncodeOptions encode_options(const ModelOptions& model, const DecodeLimits& limits) {
  EncodeOptions options;
  options.limits = limits;
  options.queue.workers = thread_count(model.compute.threads);
  return options;
}

int for_each_input(const InputOptions& inputs, ImageTextEncoder& encoder, const EncodeOptions& options,
                   Console& console, const std::function<void(const EncodedImage&)>& use) {
  bool some_failed = false;
  for_each_encoded_image(collect_inputs(inputs), encoder, options, [&](const EncodedImage& encoded) {
    if (encoded.image.error) {
      some_failed = true;
      console.error(*encoded.image.error);
    }
    use(encoded);
  });
  return some_failed ? 1 : 0;
}

}  // namespace kiloword::cli
