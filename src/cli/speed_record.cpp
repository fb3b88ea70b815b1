#include "cli/speed_record.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/hash.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/utf8.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxRecordBytes = 1 << 16;

/// Empty where the user has no cache.
fs::path file_of(const fs::path& folder) {
  const fs::path cache = cache_directory();
  if (cache.empty()) return cache;
  std::error_code failed;
  const fs::path place = fs::weakly_canonical(folder, failed);
  return cache / "speed" / (Fingerprint().add((failed ? folder : place).string()).hex() + ".json");
}

std::string in_digits(double value) {
  const int digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  const double scale = std::pow(10, digits);
  std::string text = std::to_string(std::round(value * scale) / scale);
  return text.substr(0, text.find('.') + (digits > 0 ? 1 + static_cast<size_t>(digits) : 0));
}

}  // namespace

void keep_speed(const fs::path& folder, const SpeedRecord& speed) {
  const fs::path file = file_of(folder);
  if (file.empty()) return;
  nlohmann::json json{{"schema", 1}, {"conditions", speed.conditions}, {"rates", nlohmann::json::array()}};
  for (const auto& [name, rate] : speed.rates) json["rates"].push_back({name, rate});
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  try {
    write_file_atomically(file, json.dump());
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): what was measured has been told already
  }
}

std::optional<SpeedRecord> read_speed(const fs::path& folder) {
  const fs::path file = file_of(folder);
  std::error_code ignored;
  if (file.empty() || !fs::exists(file, ignored)) return std::nullopt;
  try {
    const auto json = nlohmann::json::parse(read_file(file, kMaxRecordBytes, ErrorKind::kInternal));
    if (json.at("schema") != 1) return std::nullopt;
    SpeedRecord speed;
    speed.conditions = printable(json.at("conditions").get<std::string>());
    for (const auto& rate : json.at("rates"))
      speed.rates.emplace_back(printable(rate.at(0).get<std::string>()), rate.at(1).get<double>());
    return speed;
  } catch (const Error&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::string describe(const SpeedRecord& speed) {
  std::string text;
  for (const auto& [name, rate] : speed.rates)
    text += (text.empty() ? "" : ", ") + in_digits(rate) + " " + name;
  return text + " a second (" + speed.conditions + ")";
}

}  // namespace kiloword::cli
