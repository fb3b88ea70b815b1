#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace kiloword {

/// Where rows go.
class RowSink {
 public:
  RowSink() = default;
  RowSink(const RowSink&) = delete;
  RowSink& operator=(const RowSink&) = delete;
  virtual ~RowSink() = default;

  /// Takes one or more whole rows, each with its end of line. From one thread at a time.
  virtual void write(std::string_view rows) = 0;
};

/// Brings rows that are made in any order into the order of their inputs, and hands them on as soon as
/// nothing is missing before them. May be used from several threads.
class RowQueue {
 public:
  /// `sink` must outlive the queue. `ordered` = false hands every row on at once.
  RowQueue(RowSink& sink, bool ordered) : sink_(sink), ordered_(ordered) {}

  /// Row number `sequence` (0, 1, 2, ... without gaps), without its end of line; empty: no row. Throws what
  /// the sink throws; after that no row is handed on any more.
  void add(uint64_t sequence, std::string row);
  /// Bytes of rows that wait for one before them.
  size_t waiting_bytes() const { return waiting_bytes_; }
  /// The row that is waited for.
  uint64_t next_sequence() const { return next_; }
  /// Hands on, in their order, the rows that wait, whatever is missing between them.
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
