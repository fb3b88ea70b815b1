#include "cli/output/batch_progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <system_error>

#include "cli/output/output.h"

namespace kiloword::cli {
namespace {

constexpr double kRateWindowSeconds = 20;
constexpr double kRedrawSeconds = 0.2;

double seconds_between(std::chrono::steady_clock::time_point a, std::chrono::steady_clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

std::string one_decimal(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

}  // namespace

InputCounter::InputCounter(ListingOptions options) {
  options.names_only = true;
  const auto count = [this, options] {
    try {
      InputLister lister(options);
      while (!stop_ && lister.next()) {
      }
      count_ = lister.count().in_shard;
      counted_ = !stop_;
    } catch (const Error&) {
      // The run itself comes upon it and reports it.
    }
  };
  try {
    thread_ = std::thread(count);
  } catch (const std::system_error&) {
    // Without it progress has no total; the run itself reports what it cannot do without.
  }
}

InputCounter::~InputCounter() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

std::optional<uint64_t> InputCounter::total() const {
  return counted_ ? std::optional<uint64_t>(count_) : std::nullopt;
}

std::string duration_text(double seconds) {
  const long long whole = std::llround(seconds);
  std::array<char, 48> text{};
  if (whole >= 3600) {
    std::snprintf(text.data(), text.size(), "%lld h %02lld min", whole / 3600, whole / 60 % 60);
  } else if (whole >= 60) {
    std::snprintf(text.data(), text.size(), "%lld min %02lld s", whole / 60, whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%lld s", whole);
  }
  return text.data();
}

std::string grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (auto position = static_cast<int>(text.size()) - 3; position > 0; position -= 3) {
    text.insert(static_cast<size_t>(position), ",");
  }
  return text;
}

std::string progress_text(const BatchState& state, double images_per_s, size_t columns) {
  const uint64_t settled = state.done + state.kept;
  std::string text = grouped(settled) + (state.total ? " of " + grouped(*state.total) : "") + " done, ";
  text += one_decimal(images_per_s) + " images/s";
  if (state.total && *state.total > settled && images_per_s > 0) {
    text += ", " + duration_text(static_cast<double>(*state.total - settled) / images_per_s) + " left";
  }
  if (state.failed > 0) text += ", " + grouped(state.failed) + " failed";
  if (columns == 0) return text;
  if (text.size() > columns) text.resize(columns);
  if (!state.total) return text;
  const double part =
      *state.total == 0 ? 1 : static_cast<double>(settled) / static_cast<double>(*state.total);
  return progress_bar(part, columns - text.size()) + text;
}

BatchProgress::BatchProgress(Console& console, const DisplayOptions& display, double interval_s)
    : console_(console),
      enabled_(!display.quiet && !display.no_progress),
      in_place_(::isatty(STDERR_FILENO) == 1),
      interval_s_(in_place_ ? kRedrawSeconds : interval_s) {}

double BatchProgress::rate(Clock::time_point now, uint64_t done) {
  samples_.emplace_back(now, done);
  while (samples_.size() > 2 && seconds_between(samples_.front().first, now) > kRateWindowSeconds) {
    samples_.pop_front();
  }
  const auto& [since, done_then] = samples_.front();
  const double seconds = seconds_between(since, now);
  return seconds > 0 ? static_cast<double>(done - done_then) / seconds : 0;
}

void BatchProgress::show(const BatchState& state) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (samples_.empty()) samples_.emplace_back(now, state.done);
  if (seconds_between(shown_, now) < interval_s_) return;
  shown_ = now;
  const std::string text =
      progress_text(state, rate(now, state.done), in_place_ ? terminal_columns() - 1 : 0);
  if (in_place_) {
    console_.show_progress(text);
  } else {
    console_.note(text);
  }
}

}  // namespace kiloword::cli
