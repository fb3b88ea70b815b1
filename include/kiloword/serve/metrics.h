#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace kiloword {

/// A current value, for Metrics::text().
struct MetricValue {
  std::string name;
  std::string help;
  double value = 0;
  bool is_counter = false;  ///< it never decreases
};

/// Counts answered requests and their latency, by route.
class Metrics {
 public:
  void add(const std::string& route, int status, double seconds);

  /// All metrics in the Prometheus text format 0.0.4, followed by `values`.
  std::string text(const std::vector<MetricValue>& values) const;

 private:
  static constexpr std::array<double, 10> kBounds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30};

  struct Times {
    std::array<uint64_t, kBounds.size() + 1> counts{};  ///< by the first bound not exceeded
    double seconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t> requests_;
  std::map<std::string, Times> times_;
};

}  // namespace kiloword
