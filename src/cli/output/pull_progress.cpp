#include "cli/output/pull_progress.h"

#include <unistd.h>

#include <utility>

#include "cli/output/batch_progress.h"
#include "cli/output/output.h"
#include "cli/output/table.h"

namespace kiloword::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::seconds kLineInterval{10};

std::string counted_files(size_t files) {
  return std::to_string(files) + (files == 1 ? " file" : " files");
}

}  // namespace

std::string pull_text(const PullState& state, double bytes_per_s, size_t columns) {
  std::string text =
      state.file + ", " + human_size(state.done_bytes) + " of " + human_size(state.total_bytes);
  if (bytes_per_s >= 1) {
    text += ", " + human_size(static_cast<uint64_t>(bytes_per_s)) + "/s";
    const auto left = static_cast<double>(state.total_bytes - state.done_bytes);
    if (left > 0) text += ", " + duration_text(left / bytes_per_s) + " left";
  }
  if (columns == 0) return text;
  if (text.size() > columns) text.resize(columns);
  const double part = state.total_bytes == 0
                          ? 1
                          : static_cast<double>(state.done_bytes) / static_cast<double>(state.total_bytes);
  return progress_bar(part, columns - text.size()) + text;
}

PullProgress::PullProgress(Console& console, std::string endpoint)
    : console_(console),
      endpoint_(std::move(endpoint)),
      enabled_(!console.options().quiet && !console.options().no_progress),
      in_place_(::isatty(STDERR_FILENO) == 1) {}

void PullProgress::planned(const PullPlan& plan) {
  const std::string license =
      plan.license.empty() ? "licence: see " + endpoint_ + "/" + plan.repository : "licence " + plan.license;
  std::string text = plan.repository + ": " + human_size(plan.total_bytes) + " in " +
                     counted_files(plan.files) + ", " + license;
  const uint64_t here = plan.total_bytes - plan.missing_bytes;
  if (here > 0 && plan.missing_bytes > 0) text += "; " + human_size(here) + " of it already downloaded";
  console_.note(text);
  begun_ = Clock::now();
}

void PullProgress::progress(const PullState& state) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (now - shown_ < (in_place_ ? Clock::duration(kRedraw) : Clock::duration(kLineInterval))) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  const double bytes_per_s = seconds > 0 ? static_cast<double>(state.fetched_bytes) / seconds : 0;
  if (in_place_) {
    console_.show_progress(pull_text(state, bytes_per_s, terminal_columns() - 1));
  } else {
    console_.note(pull_text(state, bytes_per_s, 0));
  }
}

void PullProgress::waiting(const std::string& file) {
  console_.note("another program is fetching " + file + ": waiting for it");
}

void PullProgress::retrying(const std::string& why, std::chrono::milliseconds wait) {
  console_.note(why + "; retrying in " + duration_text(std::chrono::duration<double>(wait).count()));
}

}  // namespace kiloword::cli
