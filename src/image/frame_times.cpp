#include "image/frame_times.h"

#include <algorithm>
#include <cmath>

namespace kiloword {

std::vector<double> frame_times(double duration_s, const FrameChoice& choice) {
  constexpr int kDefaultFrames = 4;
  if (duration_s == 0) return {0};
  std::vector<double> times;
  if (choice.every_s > 0) {
    const double wanted = std::ceil(duration_s / choice.every_s);
    const int count = static_cast<int>(std::clamp(wanted, 1.0, static_cast<double>(kMaxFrames)));
    const double step = wanted > kMaxFrames ? duration_s / kMaxFrames : choice.every_s;
    for (int i = 0; i < count; ++i) times.push_back(i * step);
    return times;
  }
  const int count = std::min(choice.count > 0 ? choice.count : kDefaultFrames, kMaxFrames);
  for (int i = 0; i < count; ++i) times.push_back((i + 0.5) * duration_s / count);
  return times;
}

std::vector<double> shot_times(double duration_s, const std::vector<double>& changes) {
  struct Shot {
    double begin = 0;
    double end = 0;
  };
  std::vector<Shot> shots{{0, 0}};
  for (const double change : changes) {
    if (change <= shots.back().begin) continue;
    shots.back().end = change;
    shots.push_back({change, 0});
  }
  shots.back().end = std::max(duration_s, shots.back().begin);
  std::stable_sort(shots.begin(), shots.end(),
                   [](const Shot& a, const Shot& b) { return a.end - a.begin > b.end - b.begin; });
  shots.resize(std::min(shots.size(), static_cast<size_t>(kMaxFrames)));
  std::vector<double> times;
  for (const Shot& shot : shots) times.push_back((shot.begin + shot.end) / 2);
  std::sort(times.begin(), times.end());
  return times;
}

}  // namespace kiloword
