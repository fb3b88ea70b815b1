#pragma once

#include <memory>

#include "cli/input/caption_source.h"

namespace kiloword::cli {

/// What describes the images of a batch, with statements where `arguments` ask for both. The networks are
/// loaded by this.
std::unique_ptr<CaptionSource> make_description_source(const BatchArguments& arguments, Console& console);

}  // namespace kiloword::cli
