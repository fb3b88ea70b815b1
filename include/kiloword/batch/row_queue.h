#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace kiloword {

/// Receives rows.
class RowSink {
 public:
  RowSink() = default;
  RowSink(const RowSink&) = delete;
  RowSink& operator=(const RowSink&) = delete;
  virtual ~RowSink() = default;

  /// Takes one or more whole rows, each with its line end. Called from one thread at a time.
  virtual void write(std::string_view rows) = 0;
};

/// Reorders rows to the order of their inputs, passing each on as soon as no earlier one is missing.
/// Thread-safe.
class RowQueue {
 public:
  /// `sink` must outlive the queue. `ordered` = false passes every row on at once.
  RowQueue(RowSink& sink, bool ordered) : sink_(sink), ordered_(ordered) {}

  /// Adds row number `sequence` (0, 1, 2, ... without gaps), without its line end; empty: no row. Throws what
  /// the sink throws, after which no further row is passed on.
  void add(uint64_t sequence, std::string row);
  /// Bytes of rows that are waiting for an earlier one.
  size_t waiting_bytes() const { return waiting_bytes_; }
  /// The next row to pass on.
  uint64_t next_sequence() const { return next_; }
  /// Passes on all waiting rows in order, even if rows between them are missing.
  void flush();

 private:
  void hand_on(const std::string& rows);

  RowSink& sink_;
  bool ordered_;
  std::mutex mutex_;
  std::map<uint64_t, std::string> waiting_;
  bool broken_ = false;
  std::atomic<size_t> waiting_bytes_{0};
  std::atomic<uint64_t> next_{0};
};

}  // namespace kiloword
