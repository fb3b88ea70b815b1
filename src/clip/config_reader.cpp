#include "clip/config_reader.h"

#include <cmath>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

using nlohmann::json;

constexpr uint64_t kMaxConfigBytes = 1 << 20;
constexpr int kMaxDepth = 32;

std::string range_text(int64_t low, int64_t high) {
  return "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high);
}

bool in_range(const json& value, int64_t low, int64_t high) {
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX) return false;
  return value.get<int64_t>() >= low && value.get<int64_t>() <= high;
}

bool in_range(const json& value, double low, double high) {
  return value.is_number() && value.get<double>() >= low && value.get<double>() <= high;
}

}  // namespace

ConfigReader ConfigReader::open(const std::filesystem::path& path) {
  const std::string text = read_file(path, kMaxConfigBytes, ErrorKind::kModel);
  constexpr const char* kRemedy = "download the model again";
  json values;
  try {
    values = json::parse(text, [](int depth, json::parse_event_t, json&) {
      if (depth > kMaxDepth) throw Error(ErrorKind::kModel, "nested too deeply");
      return true;
    });
  } catch (const json::exception&) {
    throw Error(ErrorKind::kModel, "not valid JSON", path.string(), kRemedy);
  } catch (const Error& error) {
    throw Error(ErrorKind::kModel, error.message(), path.string(), kRemedy);
  }
  if (!values.is_object()) throw Error(ErrorKind::kModel, "not a JSON object", path.string(), kRemedy);
  return {path.string(), "", std::move(values)};
}

void ConfigReader::fail(const std::string& key, const std::string& what) const {
  throw Error(ErrorKind::kModel, prefix_ + key + " " + what, file_, "correct it or download the model again");
}

bool ConfigReader::has(const std::string& key) const {
  const auto found = values_.find(key);
  return found != values_.end() && !found->is_null();
}

const json& ConfigReader::at(const std::string& key) const {
  if (!has(key)) fail(key, "is missing");
  return values_.at(key);
}

bool ConfigReader::is_object(const std::string& key) const {
  return has(key) && values_.at(key).is_object();
}

ConfigReader ConfigReader::object(const std::string& key) const {
  if (!at(key).is_object()) fail(key, "must be an object");
  return {file_, prefix_ + key + ".", at(key)};
}

int64_t ConfigReader::integer(const std::string& key, int64_t low, int64_t high) const {
  if (!in_range(at(key), low, high)) fail(key, range_text(low, high));
  return at(key).get<int64_t>();
}

int64_t ConfigReader::integer(const std::string& key, int64_t low, int64_t high, int64_t fallback) const {
  return has(key) ? integer(key, low, high) : fallback;
}

double ConfigReader::number(const std::string& key, double low, double high, double fallback) const {
  if (!has(key)) return fallback;
  if (!in_range(at(key), low, high))
    fail(key, "must be a number from " + json(low).dump() + " to " + json(high).dump());
  return at(key).get<double>();
}

bool ConfigReader::boolean(const std::string& key, bool fallback) const {
  if (!has(key)) return fallback;
  if (!at(key).is_boolean()) fail(key, "must be true or false");
  return at(key).get<bool>();
}

std::string ConfigReader::text(const std::string& key, const std::string& fallback) const {
  if (!has(key)) return fallback;
  if (!at(key).is_string()) fail(key, "must be a string");
  return at(key).get<std::string>();
}

std::vector<int64_t> ConfigReader::integers(const std::string& key, size_t count, int64_t low,
                                            int64_t high) const {
  const json& list = at(key);
  std::vector<int64_t> values;
  if (list.is_array() && list.size() == count) {
    for (const json& value : list) {
      if (in_range(value, low, high)) values.push_back(value.get<int64_t>());
    }
  }
  if (values.size() != count) {
    fail(key, "must be a list of " + std::to_string(count) + " whole numbers from " + std::to_string(low) +
                  " to " + std::to_string(high));
  }
  return values;
}

std::vector<double> ConfigReader::numbers(const std::string& key, size_t count, double low,
                                          double high) const {
  const json& list = at(key);
  std::vector<double> values;
  if (list.is_array() && list.size() == count) {
    for (const json& value : list) {
      if (in_range(value, low, high)) values.push_back(value.get<double>());
    }
  }
  if (values.size() != count) {
    fail(key, "must be a list of " + std::to_string(count) + " numbers from " + json(low).dump() + " to " +
                  json(high).dump());
  }
  return values;
}

}  // namespace kiloword
