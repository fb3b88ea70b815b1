#include "lm/rotary_positions.h"

#include <cmath>

namespace kiloword {
namespace {

constexpr double kTurn = 6.283185307179586;

/// Llama 3.1's stretching of one frequency.
double stretched(double frequency, const RotaryStretch& stretch) {
  const auto context = static_cast<double>(stretch.original_context);
  const double turns = context * frequency / kTurn;  // that the frequency makes in the original context
  if (turns < stretch.low_frequency) return frequency / stretch.factor;
  if (turns > stretch.high_frequency) return frequency;
  const double kept = (turns - stretch.low_frequency) / (stretch.high_frequency - stretch.low_frequency);
  return (1 - kept) * frequency / stretch.factor + kept * frequency;
}

}  // namespace

RotaryPositions::RotaryPositions(const RotaryShape& shape) {
  std::vector<float> frequencies;
  for (int64_t i = 0; i < shape.dim; i += 2) {
    const double power = static_cast<double>(i) / static_cast<double>(shape.dim);
    const double frequency = std::pow(shape.base, -power) / shape.linear_stretch;
    frequencies.push_back(
        static_cast<float>(shape.stretch.factor == 1 ? frequency : stretched(frequency, shape.stretch)));
  }
  frequencies_ = at::tensor(frequencies, at::kFloat);
}

RotaryPositions::Turns RotaryPositions::turns(const std::vector<int64_t>& positions,
                                              at::Device device) const {
  const at::Tensor rows = at::tensor(positions, at::kLong).to(at::kFloat).reshape({-1, 1, 1});  // [M, 1, 1]
  const at::Tensor angles = rows * frequencies_;                                                // [M, 1, R/2]
  return {angles.cos().to(device), angles.sin().to(device)};
}

at::Tensor RotaryPositions::turn(const at::Tensor& x, const Turns& turns) {
  const int64_t pairs = turns.cosines.size(-1);
  const at::Tensor first = x.narrow(-1, 0, pairs);       // [M, heads, R/2]
  const at::Tensor second = x.narrow(-1, pairs, pairs);  // [M, heads, R/2]
  std::vector<at::Tensor> turned{first * turns.cosines - second * turns.sines,
                                 second * turns.cosines + first * turns.sines};
  const int64_t rest = x.size(-1) - 2 * pairs;
  if (rest > 0) turned.push_back(x.narrow(-1, 2 * pairs, rest));
  return at::cat(turned, -1);  // [M, heads, D]
}

}  // namespace kiloword
