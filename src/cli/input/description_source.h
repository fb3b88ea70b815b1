#pragma once

#include <memory>

#include "cli/input/caption_source.h"

namespace kiloword::cli {

/// Describes the images of a batch, with statements if `arguments` request both. Loads the networks.
std::unique_ptr<CaptionSource> make_description_source(const BatchArguments& arguments, Console& console);

}  // namespace kiloword::cli
