#include "cli/output/embedding_sink.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "cli/output/npy.h"
#include "cli/output/output.h"
#include "kiloword/base/file.h"
#include "kiloword/base/output_target.h"
#include "kiloword/pipeline/record.h"

namespace kiloword::cli {

void EmbeddingSink::put(const std::string& key, const std::string& value, const float* embedding,
                        const std::vector<std::string>& warnings) {
  if (npy_file_.empty()) {
    write_line(embedding_json(key, value, embedding, static_cast<size_t>(dim_), warnings));
  } else {
    if (key == "path") refuse_input_as_output(npy_file_, {value});
    rows_.insert(rows_.end(), embedding, embedding + dim_);
  }
}

void EmbeddingSink::put_json(const std::string& path, const std::string& line) {
  if (npy_file_.empty()) {
    write_line(line);
    return;
  }
  refuse_input_as_output(npy_file_, {path});
  try {
    const auto values = nlohmann::json::parse(line).at("embedding").get<std::vector<float>>();
    if (static_cast<int64_t>(values.size()) == dim_) {
      rows_.insert(rows_.end(), values.begin(), values.end());
      return;
    }
  } catch (const nlohmann::json::exception&) {
    // told below
  }
  throw Error(ErrorKind::kModel, "not an embedding of " + std::to_string(dim_) + " values");
}

void EmbeddingSink::put_error(const std::string& path, const Error& error) {
  if (npy_file_.empty()) {
    write_line(error_json(path, error));
  } else {
    refuse_input_as_output(npy_file_, {path});
    rows_.insert(rows_.end(), static_cast<size_t>(dim_), std::numeric_limits<float>::quiet_NaN());
  }
}

void EmbeddingSink::finish() const {
  if (npy_file_.empty()) return;
  write_file_atomically(npy_file_, npy_bytes(rows_, static_cast<int64_t>(rows_.size()) / dim_, dim_));
}

}  // namespace kiloword::cli
