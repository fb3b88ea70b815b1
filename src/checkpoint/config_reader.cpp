#include "kiloword/checkpoint/config_reader.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/other_formats.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
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

struct ConfigReader::Values {
  json object;

  bool has(const std::string& key) const {
    const auto found = object.find(key);
    return found != object.end() && !found->is_null();
  }
  /// The value at `key`, which must be there.
  const json& at(const ConfigReader& reader, const std::string& key) const {
    if (!has(key)) reader.fail(key, "is missing");
    return object.at(key);
  }
};

namespace {

constexpr const char* kDownloadAgain = "download the model again";

json parse_settings(const std::filesystem::path& path) {
  const std::string text = read_file(path, kMaxConfigBytes, ErrorKind::kModel);
  refuse_other_formats(text, path);
  try {
    return json::parse(text, [](int depth, json::parse_event_t, json&) {
      if (depth > kMaxDepth) throw Error(ErrorKind::kModel, "nested too deeply");
      return true;
    });
  } catch (const json::exception&) {
    throw Error(ErrorKind::kModel, "not valid JSON", path.string(), kDownloadAgain);
  } catch (const Error& error) {
    throw Error(ErrorKind::kModel, error.message(), path.string(), kDownloadAgain);
  }
}

}  // namespace

ConfigReader ConfigReader::open(const std::filesystem::path& path) {
  json values = parse_settings(path);
  if (!values.is_object()) throw Error(ErrorKind::kModel, "not a JSON object", path.string(), kDownloadAgain);
  return {path.string(), "", std::make_shared<Values>(Values{std::move(values)})};
}

std::vector<ConfigReader> ConfigReader::open_list(const std::filesystem::path& path) {
  const json list = parse_settings(path);
  std::vector<ConfigReader> readers;
  for (size_t i = 0; list.is_array() && i < list.size() && list[i].is_object(); ++i)
    readers.push_back(
        {path.string(), "[" + std::to_string(i) + "].", std::make_shared<Values>(Values{list[i]})});
  if (!list.is_array() || readers.size() != list.size())
    throw Error(ErrorKind::kModel, "not a JSON list of objects", path.string(), kDownloadAgain);
  return readers;
}

void ConfigReader::fail(const std::string& key, const std::string& what) const {
  throw Error(ErrorKind::kModel, prefix_ + key + " " + what, file_, "correct it or download the model again");
}

void ConfigReader::refuse(const std::string& key, const std::string& what) const {
  throw Error(ErrorKind::kModel, prefix_ + key + " " + what, file_,
              "use another model (docs/models.md lists what is supported)");
}

bool ConfigReader::is_null(const std::string& key) const {
  const auto found = values_->object.find(key);
  return found != values_->object.end() && found->is_null();
}

bool ConfigReader::has(const std::string& key) const {
  return values_->has(key);
}

bool ConfigReader::is_object(const std::string& key) const {
  return has(key) && values_->object.at(key).is_object();
}

bool ConfigReader::is_list(const std::string& key) const {
  return has(key) && values_->object.at(key).is_array();
}

bool ConfigReader::is_text(const std::string& key) const {
  return has(key) && values_->object.at(key).is_string();
}

ConfigReader ConfigReader::object(const std::string& key) const {
  if (!values_->at(*this, key).is_object()) fail(key, "must be an object");
  return {file_, prefix_ + key + ".", std::make_shared<Values>(Values{values_->at(*this, key)})};
}

int64_t ConfigReader::integer(const std::string& key, int64_t low, int64_t high) const {
  if (!in_range(values_->at(*this, key), low, high)) fail(key, range_text(low, high));
  return values_->at(*this, key).get<int64_t>();
}

int64_t ConfigReader::integer(const std::string& key, int64_t low, int64_t high, int64_t fallback) const {
  return has(key) ? integer(key, low, high) : fallback;
}

double ConfigReader::number(const std::string& key, double low, double high, double fallback) const {
  return has(key) ? number(key, low, high) : fallback;
}

double ConfigReader::number(const std::string& key, double low, double high) const {
  if (!in_range(values_->at(*this, key), low, high))
    fail(key, "must be a number from " + json(low).dump() + " to " + json(high).dump());
  return values_->at(*this, key).get<double>();
}

bool ConfigReader::boolean(const std::string& key, bool fallback) const {
  if (!has(key)) return fallback;
  if (!values_->at(*this, key).is_boolean()) fail(key, "must be true or false");
  return values_->at(*this, key).get<bool>();
}

std::string ConfigReader::text(const std::string& key, const std::string& fallback) const {
  if (!has(key)) return fallback;
  if (!values_->at(*this, key).is_string()) fail(key, "must be a string");
  return values_->at(*this, key).get<std::string>();
}

std::vector<int64_t> ConfigReader::integers(const std::string& key, size_t count, int64_t low,
                                            int64_t high) const {
  const json& list = values_->at(*this, key);
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

std::vector<int64_t> ConfigReader::one_or_more(const std::string& key, int64_t low, int64_t high) const {
  if (!has(key)) return {};
  if (!is_list(key)) return {integer(key, low, high)};
  return integers(key, values_->object.at(key).size(), low, high);
}

std::vector<double> ConfigReader::numbers(const std::string& key, size_t count, double low,
                                          double high) const {
  const json& list = values_->at(*this, key);
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

fs::path require_model_file(const fs::path& folder, const std::string& name) {
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) {
    throw Error(ErrorKind::kModel, "no such model folder", folder.string(), "check --model");
  }
  if (!fs::is_directory(folder, ignored)) {
    if (fs::is_regular_file(folder, ignored))
      refuse_other_formats(MappedFile(folder, ErrorKind::kModel).bytes(), folder);
    throw Error(ErrorKind::kModel, "not a model folder", folder.string(),
                "name the folder that holds config.json");
  }
  if (!fs::exists(folder / name, ignored)) {
    throw Error(ErrorKind::kModel, "no " + name, folder.string(), "use a model in Hugging Face layout");
  }
  return folder / name;
}

}  // namespace kiloword
