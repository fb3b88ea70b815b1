#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kiloword::cli {

/// How fast a model was on this machine.
struct SpeedRecord {
  std::string conditions;                             ///< "cpu, 2 threads, fp32"
  std::vector<std::pair<std::string, double>> rates;  ///< a second, by what: {"images", 80.5}
};

/// Keeps `speed` of the model in `folder` in the user's cache; does nothing where there is none.
void keep_speed(const std::filesystem::path& folder, const SpeedRecord& speed);

/// What was kept last; none where nothing was, or it cannot be read.
std::optional<SpeedRecord> read_speed(const std::filesystem::path& folder);

/// "80.5 images, 900 texts a second (cpu, 2 threads, fp32)".
std::string describe(const SpeedRecord& speed);

}  // namespace kiloword::cli
