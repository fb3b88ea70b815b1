#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/row_queue.h"

namespace kiloword::testing {

/// Gives the inputs of a list.
class ListSource : public InputSource {
 public:
  explicit ListSource(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  std::optional<BatchInput> next() override {
    if (next_ == paths_.size()) return std::nullopt;
    BatchInput input;
    input.index = next_;
    input.path = paths_[next_++];
    return input;
  }

 private:
  std::vector<std::string> paths_;
  size_t next_ = 0;
};

/// The inputs `name0`, `name1`, ...
inline std::vector<std::string> numbered(const std::string& name, size_t count) {
  std::vector<std::string> paths;
  paths.reserve(count);
  for (size_t i = 0; i < count; ++i) paths.push_back(name + std::to_string(i));
  return paths;
}

/// Keeps the rows it gets.
class KeptRows : public RowSink {
 public:
  void write(std::string_view rows) override { text += rows; }

  std::string text;
};

}  // namespace kiloword::testing
