#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "kiloword/base/file.h"
#include "kiloword/batch/batch_row.h"

namespace kiloword::testing {

inline BatchInput input(uint64_t index, const std::string& path, uint64_t bytes = 10, int64_t mtime_ns = 5) {
  BatchInput result;
  result.index = index;
  result.path = path;
  result.stamp = FileStamp{bytes, mtime_ns};
  return result;
}

/// A row, with its end of line, for a record that says `text`.
inline std::string row(const BatchInput& of, const std::string& run, const std::string& text = "ok") {
  const nlohmann::ordered_json record{
      {"schema", 1}, {"path", of.path}, {"status", text == "failed" ? "error" : "ok"}, {"caption", text}};
  return batch_row(record.dump(), of, run) + "\n";
}

inline std::string content(const std::string& path) {
  return read_file(path, uint64_t{1} << 30, ErrorKind::kInput);
}

}  // namespace kiloword::testing
