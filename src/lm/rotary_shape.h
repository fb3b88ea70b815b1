#pragma once

#include <cstdint>

#include "kiloword/checkpoint/config_reader.h"

namespace kiloword {

/// Llama 3.1's scaling of rotary positions to a longer context: low frequencies are divided by `factor`, high
/// ones are unchanged, those between are interpolated (Grattafiori et al. 2024, "The Llama 3 Herd of Models",
/// section 3.4.2, as implemented in transformers).
struct RotaryStretch {
  double factor = 1;  ///< 1: none
  double low_frequency = 1;
  double high_frequency = 4;
  int64_t original_context = 8192;
};

/// The settings of rotary positions.
struct RotaryShape {
  int64_t dim = 0;            ///< number of values of a head that are rotated, from the first; even
  double base = 10000;        ///< `rope_theta`
  double linear_stretch = 1;  ///< positions are divided by it
  RotaryStretch stretch;
};

/// The keys that a family's configurations used before transformers 5 introduced `rope_parameters`.
struct RotaryKeys {
  const char* base;
  const char* fraction;  ///< of a head's values that are rotated; null: all
  double usual_fraction;
};

/// Reads the rotary positions of heads of `head_dim` values, from `rope_parameters` or the older
/// `rope_scaling` and `keys`. Throws Error(kModel), naming the key, also for unsupported kinds of positions.
RotaryShape read_rotary_shape(const ConfigReader& reader, const RotaryKeys& keys, int64_t head_dim);

}  // namespace kiloword
