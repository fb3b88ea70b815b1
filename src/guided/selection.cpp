#include "guided/selection.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace kiloword {
namespace {

/// Standard Gumbel noise. The standard library's own distributions differ between implementations.
double gumbel(std::mt19937_64& random) {
  const double uniform = (static_cast<double>(random() >> 11U) + 0.5) * 0x1p-53;  // in (0, 1)
  return -std::log(-std::log(uniform));
}

}  // namespace

Selection select(std::vector<Continuation>& candidates, int beams, double temperature,
                 std::mt19937_64& random) {
  for (Continuation& candidate : candidates) {
    candidate.drawn = temperature > 0 ? candidate.value / temperature + gumbel(random) : candidate.value;
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Continuation& a, const Continuation& b) { return a.drawn > b.drawn; });
  struct Group {
    int ranked = 0;
    int going_on = 0;
    std::set<std::string> texts;  // an ended text is another than the same going on
  };
  std::map<size_t, Group> groups;  // by required phrases
  Selection selection;
  for (const Continuation& candidate : candidates) {
    Group& group = groups[candidate.phrases];
    if (group.going_on >= beams) continue;
    if (!group.texts.insert((candidate.ends ? "." : " ") + candidate.text).second) continue;
    const bool among_best = group.ranked++ < beams;
    if (!candidate.ends) {
      ++group.going_on;
      selection.going_on.push_back(candidate);
    } else if (among_best) {
      selection.ended.push_back(candidate);
    }
  }
  return selection;
}

}  // namespace kiloword
