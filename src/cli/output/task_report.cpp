#include "cli/output/task_report.h"

#include <algorithm>
#include <cmath>

namespace kiloword::cli {
namespace {

double seconds(TaskReport::Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::string time_text(double left_s) {
  constexpr double kMinute = 60;
  if (left_s < 2 * kMinute) return std::to_string(static_cast<int64_t>(std::ceil(left_s))) + " s";
  return std::to_string(static_cast<int64_t>(std::ceil(left_s / kMinute))) + " min";
}

}  // namespace

std::optional<double> TaskReport::rate(int64_t done, Clock::time_point now) {
  constexpr double kLeastSeconds = 0.5;  // a rate of less is chance
  if (first_done_ < 0) first_done_ = done;
  const double passed = seconds(now - begun_);
  if (passed < kLeastSeconds || done <= first_done_) return std::nullopt;
  return static_cast<double>(done - first_done_) / passed;
}

std::optional<double> TaskReport::seconds_left(int64_t done, int64_t total, Clock::time_point now) {
  const std::optional<double> per_second = rate(done, now);
  if (!per_second || total < 0) return std::nullopt;
  return static_cast<double>(total - done) / *per_second;
}

std::string TaskReport::text(const std::string& task, int64_t done, int64_t total, Clock::time_point now) {
  std::string text = task + ": " + std::to_string(done);
  if (total >= 0) text += " of " + std::to_string(total);
  const std::optional<double> per_second = rate(done, now);
  if (!per_second) return text;
  text += ", " + std::to_string(std::max<int64_t>(1, std::llround(*per_second))) + "/s";
  if (done < total) text += ", " + time_text(static_cast<double>(total - done) / *per_second) + " left";
  return text;
}

bool TaskReport::is_due(Clock::time_point now, double first_s) {
  constexpr double kFurther = 10;
  if (seconds(now - told_) < (told_once_ ? kFurther : first_s)) return false;
  told_ = now;
  told_once_ = true;
  return true;
}

bool TaskReport::is_redraw_due(Clock::time_point now) {
  constexpr double kRedraw = 0.2;
  if (drawn_ && seconds(now - *drawn_) < kRedraw) return false;
  drawn_ = now;
  return true;
}

}  // namespace kiloword::cli
