#include "kiloword/serve/fair_turns.h"

#include <algorithm>

#include "kiloword/serve/refusal.h"

namespace kiloword {

FairTurns::Turn::Turn(FairTurns& turns, Deadline deadline) : turns_(turns) {
  {
    const std::lock_guard<std::mutex> lock(turns_.mutex_);
    if (turns_.in_progress_ == turns_.capacity_) {
      throw Refusal(503, ErrorKind::kBusy, "too many descriptions are being written", "",
                    "try again in a moment");
    }
    ++turns_.in_progress_;
  }
  try {
    acquire(deadline);
  } catch (...) {
    const std::lock_guard<std::mutex> lock(turns_.mutex_);
    --turns_.in_progress_;
    throw;
  }
}

FairTurns::Turn::~Turn() {
  release();
  const std::lock_guard<std::mutex> lock(turns_.mutex_);
  --turns_.in_progress_;
}

void FairTurns::Turn::acquire(Deadline deadline) {
  std::unique_lock<std::mutex> lock(turns_.mutex_);
  const uint64_t ticket = turns_.next_ticket_++;
  std::deque<uint64_t>& line = turns_.line_;
  line.push_back(ticket);
  const auto is_first = [&] { return line.front() == ticket; };
  if (deadline == Deadline::max()) {  // waiting until then overflows
    turns_.changed_.wait(lock, is_first);
    held_ = true;
  } else {
    held_ = turns_.changed_.wait_until(lock, deadline, is_first);
  }
  if (held_) return;
  line.erase(std::find(line.begin(), line.end(), ticket));
  turns_.changed_.notify_all();
  throw Refusal(504, ErrorKind::kBusy, "the time limit of this request has passed", "",
                "try again, or ask for fewer tokens");
}

void FairTurns::Turn::release() {
  if (!held_) return;
  const std::lock_guard<std::mutex> lock(turns_.mutex_);
  turns_.line_.pop_front();
  held_ = false;
  turns_.changed_.notify_all();
}

size_t FairTurns::in_progress() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return in_progress_;
}

}  // namespace kiloword
