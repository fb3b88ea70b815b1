#pragma once

#include <functional>

#include "cli/console.h"
#include "cli/options.h"
#include "kiloword/pipeline/encoded_image.h"

namespace kiloword::cli {

/// How the images of a command are decoded and encoded: on every core that `model` names, each with calls of
/// the network of its own.
EncodeOptions encode_options(const ModelOptions& model, const DecodeLimits& limits);

/// Hands every image, encoded, to `use`, in order. An image that cannot be used goes to `use` as well; its
/// error is told on stderr first. Returns the exit code: 0, or 1 when some inputs failed.
int for_each_input(const InputOptions& inputs, ImageTextEncoder& encoder, const EncodeOptions& options,
                   Console& console, const std::function<void(const EncodedImage&)>& use);

}  // namespace kiloword::cli
