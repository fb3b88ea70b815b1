#include "lm/rotary_shape.h"

#include <string>

namespace kiloword {
namespace {

constexpr int64_t kMaxContext = int64_t{1} << 24;
constexpr double kMaxBase = 1e12;
constexpr double kMaxFactor = 1e4;

void read_stretch(const ConfigReader& scaling, RotaryShape& shape) {
  const std::string type = scaling.text(scaling.has("rope_type") ? "rope_type" : "type", "default");
  if (type == "linear") {
    shape.linear_stretch = scaling.number("factor", 1, kMaxFactor);
  } else if (type == "llama3") {
    shape.stretch.factor = scaling.number("factor", 1, kMaxFactor);
    shape.stretch.low_frequency = scaling.number("low_freq_factor", 1e-3, kMaxFactor);
    shape.stretch.high_frequency = scaling.number("high_freq_factor", 1e-3, kMaxFactor);
    shape.stretch.original_context = scaling.integer("original_max_position_embeddings", 1, kMaxContext);
    if (shape.stretch.high_frequency <= shape.stretch.low_frequency)
      scaling.fail("high_freq_factor", "is not above low_freq_factor");
  } else if (type != "default") {
    scaling.refuse("rope_type", "is \"" + type + "\", only default, linear and llama3 are supported");
  }
}

}  // namespace

RotaryShape read_rotary_shape(const ConfigReader& reader, const RotaryKeys& keys, int64_t head_dim) {
  const bool is_partial = keys.fraction != nullptr;
  RotaryShape shape;
  shape.base = reader.number(keys.base, 1, kMaxBase, shape.base);
  double fraction = is_partial ? reader.number(keys.fraction, 0, 1, keys.usual_fraction) : 1;
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    if (!reader.has(key)) continue;
    const ConfigReader scaling = reader.object(key);
    shape.base = scaling.number("rope_theta", 1, kMaxBase, shape.base);
    fraction = scaling.number("partial_rotary_factor", 0, 1, fraction);
    if (!is_partial && fraction != 1)
      scaling.refuse("partial_rotary_factor", "is not 1, which is not supported");
    read_stretch(scaling, shape);
  }
  shape.dim = static_cast<int64_t>(static_cast<double>(head_dim) * fraction);
  if (shape.dim < 2 || shape.dim % 2 != 0) {
    reader.fail(is_partial ? keys.fraction : "head_dim",
                "leaves " + std::to_string(shape.dim) + " values of a head to be turned, not pairs");
  }
  return shape;
}

}  // namespace kiloword
