#pragma once

#include <functional>

#include "cli/console.h"
#include "cli/options.h"
#include "kiloword/engine/loaded_model.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword::cli {

/// Hands every image to `use`, in order. An image that cannot be used goes to `use` as well; its error is
/// told on stderr first. Returns the exit code: 0, or 1 when some inputs failed.
int for_each_input(const InputOptions& options, const ModelOptions& model_options, const PreprocessSpec& spec,
                   Console& console, const std::function<void(const PreparedImage&)>& use,
                   Writing writing = Writing::kKept);

}  // namespace kiloword::cli
