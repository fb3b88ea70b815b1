#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "guided/hypothesis.h"

namespace kiloword {

/// Candidates that the search goes on with.
struct Selection {
  std::vector<Continuation> going_on;
  std::vector<Continuation> ended;
};

/// For each number of required phrases: of the `beams` best texts those that end, and the `beams` best that
/// go on. Best is the highest value; with a temperature above 0, the highest value / temperature + Gumbel
/// noise, which draws from the softmax without replacement (Kool et al. 2019, section 3). Of equal texts the
/// best counts. `candidates` are left sorted, best first.
Selection select(std::vector<Continuation>& candidates, int beams, double temperature,
                 std::mt19937_64& random);

}  // namespace kiloword
