#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "guided/hypothesis.h"

namespace kiloword {

/// The candidates that are kept.
struct Selection {
  std::vector<Continuation> going_on;
  std::vector<Continuation> ended;
};

/// For each number of required phrases, keeps the finished texts among the `beams` best, and the `beams` best
/// unfinished ones. The best have the highest value or, at a temperature above 0, the highest value /
/// temperature + Gumbel noise, which samples from the softmax without replacement (Kool et al. 2019, section
/// 3). Of equal texts, only the best is kept. Sorts `candidates`, best first.
Selection select(std::vector<Continuation>& candidates, int beams, double temperature,
                 std::mt19937_64& random);

}  // namespace kiloword
