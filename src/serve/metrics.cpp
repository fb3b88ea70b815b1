#include "kiloword/serve/metrics.h"

#include <algorithm>
#include <locale>
#include <sstream>

namespace kiloword {
namespace {

void put_head(std::ostream& out, const std::string& name, const std::string& help, const std::string& type) {
  out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
}

}  // namespace

void Metrics::add(const std::string& route, int status, double seconds) {
  const auto* bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  const std::lock_guard<std::mutex> lock(mutex_);
  ++requests_[{route, status}];
  Times& times = times_[route];
  ++times.counts.at(static_cast<size_t>(bound - kBounds.begin()));
  times.seconds += seconds;
}

std::string Metrics::text(const std::vector<MetricValue>& values) const {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  const std::lock_guard<std::mutex> lock(mutex_);
  put_head(out, "kiloword_requests_total", "Requests answered.", "counter");
  for (const auto& [key, count] : requests_) {
    out << "kiloword_requests_total{route=\"" << key.first << "\",status=\"" << key.second << "\"} " << count
        << '\n';
  }
  const std::string name = "kiloword_request_seconds";
  put_head(out, name, "Seconds from a request's body to the end of its answer.", "histogram");
  for (const auto& [route, times] : times_) {
    uint64_t so_far = 0;
    for (size_t i = 0; i <= kBounds.size(); ++i) {
      so_far += times.counts.at(i);
      out << name << "_bucket{route=\"" << route << "\",le=\"";
      if (i < kBounds.size()) {
        out << kBounds.at(i);
      } else {
        out << "+Inf";
      }
      out << "\"} " << so_far << '\n';
    }
    out << name << "_sum{route=\"" << route << "\"} " << times.seconds << '\n';
    out << name << "_count{route=\"" << route << "\"} " << so_far << '\n';
  }
  for (const MetricValue& value : values) {
    put_head(out, value.name, value.help, value.is_counter ? "counter" : "gauge");
    out << value.name << ' ' << value.value << '\n';
  }
  return out.str();
}

}  // namespace kiloword
