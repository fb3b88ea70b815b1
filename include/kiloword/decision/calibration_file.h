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

/// A calibration and its key. It applies only to embeddings with the same key, labels and scale.
struct StoredCalibration {
  std::string model;           ///< its name, for people
  std::string set;             ///< likewise
  std::string embeddings_key;  ///< EmbeddedLabelSet::key: label texts and text tower
  double logit_scale = 0.0;    ///< of the model
  std::string fingerprint;     ///< of the whole model, including the image tower; empty in older files
  std::vector<std::string> labels;
  size_t background_images = 0;  ///< number of images that it was made from
  size_t truth_images = 0;       ///< the same with known truth; 0: none
  size_t absent_images = 0;      ///< of truth_images, those out of set
  SetCalibration calibration;
};

/// The file's content: JSON with one label per line.
std::string calibration_json(const StoredCalibration& stored);

/// Parses and validates the output of calibration_json(). `path` is shown in errors. Throws Error(kLabels).
StoredCalibration parse_calibration(std::string_view content, const std::filesystem::path& path);

}  // namespace kiloword
