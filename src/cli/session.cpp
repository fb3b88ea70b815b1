#include "cli/session.h"

#include "cli/inputs.h"
#include "kiloword/base/thread_count.h"

namespace kiloword::cli {

int for_each_input(const InputOptions& options, const ModelOptions& model_options, const PreprocessSpec& spec,
                   Console& console, const std::function<void(const PreparedImage&)>& use, Writing writing) {
  bool some_failed = false;
  for_each_prepared_image(
      collect_inputs(options), spec, options.limits, thread_count(model_options.compute.threads),
      [&](const PreparedImage& image) {
        if (image.error) {
          some_failed = true;
          console.error(*image.error);
        }
        use(image);
      },
      writing);
  return some_failed ? 1 : 0;
}

}  // namespace kiloword::cli
