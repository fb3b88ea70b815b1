#include "models/retry.h"

#include <gtest/gtest.h>

#include <vector>

namespace kiloword {
namespace {

using std::chrono::milliseconds;

RetryPolicy quick_policy() {
  RetryPolicy policy;
  policy.attempts = 3;
  policy.first_wait = milliseconds(0);
  policy.longest_asked_wait = milliseconds(2);
  return policy;
}

bool never() {
  return false;
}

Setback failure(bool progressed = false) {
  return {Error(ErrorKind::kModel, "no luck"), std::nullopt, progressed};
}

TEST(Retry, WaitsDoubleUpToABound) {
  const RetryPolicy policy;
  EXPECT_EQ(wait_after(policy, 1, 0), milliseconds(500));
  EXPECT_EQ(wait_after(policy, 1, 0.5), milliseconds(750));
  EXPECT_EQ(wait_after(policy, 2, 0), milliseconds(1000));
  EXPECT_EQ(wait_after(policy, 3, 0), milliseconds(2000));
  EXPECT_EQ(wait_after(policy, 1000, 0), milliseconds(15000));
}

TEST(Retry, EndsWithSuccessOrTheLastError) {
  int attempts = 0;
  std::vector<milliseconds> waits;
  const auto notice = [&](const Error&, milliseconds wait) { waits.push_back(wait); };
  with_retries(quick_policy(), never, notice, [&]() -> std::optional<Setback> {
    if (++attempts < 3) return failure();
    return std::nullopt;
  });
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(waits.size(), 2U);
  EXPECT_THROW(with_retries(quick_policy(), never, notice, [&] { return std::optional(failure()); }), Error);
}

TEST(Retry, ProgressBeginsTheCountAnew) {
  int attempts = 0;
  EXPECT_THROW(with_retries(
                   quick_policy(), never, [](const Error&, milliseconds) {},
                   [&] { return std::optional(failure(/*progressed=*/++attempts <= 10)); }),
               Error);
  EXPECT_EQ(attempts, 12);
}

TEST(Retry, AServersWaitCountsUpToABound) {
  std::vector<milliseconds> waits;
  EXPECT_THROW(with_retries(
                   quick_policy(), never, [&](const Error&, milliseconds wait) { waits.push_back(wait); },
                   [] {
                     Setback setback = failure();
                     setback.asked_wait = std::chrono::hours(1);
                     return std::optional(setback);
                   }),
               Error);
  EXPECT_EQ(waits, (std::vector<milliseconds>{milliseconds(2), milliseconds(2)}));
}

TEST(Retry, StopsBeforeAnAttemptAndWhileItWaits) {
  int attempts = 0;
  const auto attempt = [&]() -> std::optional<Setback> {
    ++attempts;
    return failure();
  };
  const auto ignore = [](const Error&, milliseconds) {};
  EXPECT_THROW(with_retries(
                   quick_policy(), [] { return true; }, ignore, attempt),
               PullStopped);
  EXPECT_EQ(attempts, 0);
  RetryPolicy slow = quick_policy();
  slow.first_wait = std::chrono::seconds(100);
  EXPECT_THROW(with_retries(
                   slow, [&] { return attempts > 0; }, ignore, attempt),
               PullStopped);
}

}  // namespace
}  // namespace kiloword
