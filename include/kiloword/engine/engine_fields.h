#pragma once

#include <cstdint>
#include <string>

#include "kiloword/base/option_field.h"
#include "kiloword/engine/engine.h"

namespace kiloword {

/// The options of an engine, flat.
struct EngineFields {
  std::string model = EngineOptions().model;
  std::string lm;
  std::string device = ComputeOptions().device;
  std::string precision = ComputeOptions().precision;
  int threads = 0;
  uint64_t memory = 0;
  uint64_t max_pixels = static_cast<uint64_t>(DecodeLimits().max_pixels);
  bool exact = false;
  bool ignore_profile = false;
  int page = 1;
  bool many_images = false;
};

/// The names of an engine's options in C and Python.
const OptionTable<EngineFields>& engine_fields();

/// The options of `fields`.
EngineOptions engine_options(const EngineFields& fields);

}  // namespace kiloword
