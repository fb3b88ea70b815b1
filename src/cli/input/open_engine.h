#pragma once

#include <functional>
#include <string>

#include "cli/output/console.h"
#include "cli/parser/options.h"
#include "kiloword/engine/engine.h"
#include "kiloword/engine/engine_parts.h"

namespace kiloword::cli {

/// The engine that the arguments of a command ask for. `many_images`: see EngineOptions.
Engine open_engine(const ModelOptions& model, const DecodeLimits& limits, bool many_images, Console& console,
                   const std::string& language_model = "",
                   std::function<std::string(const std::string& url)> fetch = nullptr);

/// The same for a command whose inputs may be addresses.
Engine open_engine(const ModelOptions& model, const InputOptions& inputs, bool many_images, Console& console,
                   const std::string& language_model = "");

/// Hands every image, encoded, to `use`, in order. An image that cannot be used goes to `use` as well; its
/// error is told on stderr first. Returns the exit code: 0, or 1 when some inputs failed.
int for_each_input(const InputOptions& inputs, const Engine& engine, Console& console,
                   const std::function<void(const EncodedImage&)>& use);

}  // namespace kiloword::cli
