#pragma once

#include <functional>
#include <string>

#include "cli/output/console.h"
#include "cli/parser/options.h"
#include "kiloword/engine/engine.h"
#include "kiloword/engine/engine_parts.h"

namespace kiloword::cli {

/// Opens the engine for a command's arguments. `many_images`: see EngineOptions.
Engine open_engine(const ModelOptions& model, const DecodeLimits& limits, bool many_images, Console& console,
                   const std::string& language_model = "",
                   std::function<std::string(const std::string& url)> fetch = nullptr);

/// The same for a command whose inputs may be URLs.
Engine open_engine(const ModelOptions& model, const InputOptions& inputs, bool many_images, Console& console,
                   const std::string& language_model = "");

/// Passes every encoded image to `use`, in order. Unusable images are passed as well, after their error is
/// reported on stderr. Returns the exit code: 0, or 1 if some inputs failed.
int for_each_input(const InputOptions& inputs, const Engine& engine, Console& console,
                   const std::function<void(const EncodedImage&)>& use);

}  // namespace kiloword::cli
