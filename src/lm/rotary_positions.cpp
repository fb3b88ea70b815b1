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

RotaryPositions::RotaryPositions(const LlamaConfig& config) {
  std::vector<float> frequencies;
  for (int64_t i = 0; i < config.head_dim; i += 2) {
    const double power = static_cast<double>(i) / static_cast<double>(config.head_dim);
    const double frequency = std::pow(config.rotary_base, -power) / config.linear_stretch;
    frequencies.push_back(
        static_cast<float>(config.stretch.factor == 1 ? frequency : stretched(frequency, config.stretch)));
  }
  frequencies_ = at::tensor(frequencies, at::kFloat);
}

RotaryPositions::Turns RotaryPositions::turns(const std::vector<int64_t>& positions,
                                              at::Device device) const {
  const at::Tensor rows = at::tensor(positions, at::kLong).to(at::kFloat).reshape({-1, 1, 1});  // [M, 1, 1]
  const at::Tensor angles = rows * frequencies_;                                                // [M, 1, D/2]
  return {angles.cos().to(device), angles.sin().to(device)};
}

at::Tensor RotaryPositions::turn(const at::Tensor& x, const Turns& turns) {
  const std::vector<at::Tensor> halves = x.chunk(2, -1);  // two of [M, heads, D/2]
  return at::cat({halves[0] * turns.cosines - halves[1] * turns.sines,
                  halves[1] * turns.cosines + halves[0] * turns.sines},
                 -1);
}

}  // namespace kiloword
