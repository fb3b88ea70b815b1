#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kiloword::cli {

/// The measured speed of a model on this machine.
struct SpeedRecord {
  std::string conditions;                             ///< "cpu, 2 threads, fp32"
  std::vector<std::pair<std::string, double>> rates;  ///< items per second, by kind: {"images", 80.5}
};

/// Stores `speed` of the model in `folder` in the user's cache; does nothing without a cache folder.
void keep_speed(const std::filesystem::path& folder, const SpeedRecord& speed);

/// The record stored last; none if there is none or it cannot be read.
std::optional<SpeedRecord> read_speed(const std::filesystem::path& folder);

/// "80.5 images, 900 texts a second (cpu, 2 threads, fp32)".
std::string describe(const SpeedRecord& speed);

}  // namespace kiloword::cli
