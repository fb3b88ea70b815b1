#pragma once

#include <cstdint>

#include "kiloword/checkpoint/config_reader.h"

namespace kiloword {

/// How Llama 3.1 stretches rotary positions over a longer context: low frequencies are divided by `factor`,
/// high ones stay, those between are blended (Grattafiori et al. 2024, "The Llama 3 Herd of Models",
/// section 3.4.2, as transformers computes it).
struct RotaryStretch {
  double factor = 1;  ///< 1: none
  double low_frequency = 1;
  double high_frequency = 4;
  int64_t original_context = 8192;
};

/// What a configuration states of rotary positions.
struct RotaryShape {
  int64_t dim = 0;            ///< values of a head that are turned, its first ones; even
  double base = 10000;        ///< `rope_theta`
  double linear_stretch = 1;  ///< positions are divided by it
  RotaryStretch stretch;
};

/// Where a family's configurations of before transformers 5 state what is in `rope_parameters` since.
struct RotaryKeys {
  const char* base;
  const char* fraction;  ///< of a head's values, those that are turned; null: all are
  double usual_fraction;
};

/// The rotary positions of heads of `head_dim` values, from `rope_parameters` or the earlier `rope_scaling`
/// and `keys`. Throws Error(kModel) that names the key, also for kinds of positions that are not supported.
RotaryShape read_rotary_shape(const ConfigReader& reader, const RotaryKeys& keys, int64_t head_dim);

}  // namespace kiloword
