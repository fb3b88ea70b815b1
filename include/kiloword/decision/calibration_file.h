#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/decision/calibration.h"

namespace kiloword {

/// Larger calibration files are rejected.
constexpr uint64_t kMaxCalibrationBytes = 512U << 20U;

/// A calibration with its key. It applies to embeddings with the same key, labels and scale only.
struct StoredCalibration {
  std::string model;           ///< its name, for people
  std::string set;             ///< likewise
  std::string embeddings_key;  ///< EmbeddedLabelSet::key: label texts and text tower
  double logit_scale = 0.0;    ///< of the model
  std::string fingerprint;     ///< of the whole model, image tower and all; empty in files from before it
  std::vector<std::string> labels;
  size_t background_images = 0;  ///< that it was made from
  size_t truth_images = 0;       ///< likewise; 0: without truth
  size_t absent_images = 0;      ///< those of truth_images that nothing of the set fits
  SetCalibration calibration;
};

/// The file's content: JSON, a label a line.
std::string calibration_json(const StoredCalibration& stored);

/// Reads what calibration_json wrote, checked in full. `path` goes into errors. Throws Error(kLabels).
StoredCalibration parse_calibration(std::string_view content, const std::filesystem::path& path);

}  // namespace kiloword
