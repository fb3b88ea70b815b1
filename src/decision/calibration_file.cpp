#include "kiloword/decision/calibration_file.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/labels/label_set.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 2;
constexpr size_t kKeyDigits = 32;
constexpr size_t kMaxImages = 1'000'000'000;

Error broken(const std::filesystem::path& path, const std::string& what) {
  return {ErrorKind::kLabels, "calibration file is broken: " + what, path.string(),
          "remove it, or recreate it with 'kiloword calibrate'"};
}

/// Reads fields of one kind or refuses the file.
class Fields {
 public:
  Fields(const Json& json, const std::filesystem::path& path) : json_(json), path_(path) {
    if (!json.is_object()) throw broken(path, "not a JSON object");
  }

  const Json& at(const char* name) const {
    const auto found = json_.find(name);
    if (found == json_.end()) throw broken(path_, std::string("no ") + name);
    return *found;
  }
  double number(const char* name) const {
    if (!at(name).is_number()) throw broken(path_, std::string(name) + " is not a number");
    return at(name).get<double>();
  }
  std::string text(const char* name) const {
    if (!at(name).is_string()) throw broken(path_, std::string(name) + " is not a text");
    return at(name).get<std::string>();
  }
  size_t count(const char* name) const {
    const double value = number(name);
    if (!at(name).is_number_unsigned() || value > kMaxImages) {
      throw broken(path_, std::string(name) + " is not a count");
    }
    return at(name).get<size_t>();
  }

 private:
  const Json& json_;
  const std::filesystem::path& path_;
};

void read_labels(const Json& labels, const std::filesystem::path& path, StoredCalibration& stored) {
  if (!labels.is_array() || labels.size() > kMaxLabels) throw broken(path, "labels are not a list");
  for (const Json& label : labels) {
    if (!label.is_array() || label.size() != 4 || !label[0].is_string() || !label[1].is_number() ||
        !label[2].is_number() || !label[3].is_number()) {
      throw broken(path, "a label is not [name, mean, deviation, offset]");
    }
    stored.labels.push_back(label[0].get<std::string>());
    stored.calibration.means.push_back(label[1].get<double>());
    stored.calibration.deviations.push_back(label[2].get<double>());
    stored.calibration.offsets.push_back(label[3].get<double>());
  }
}

}  // namespace

std::string calibration_json(const StoredCalibration& stored) {
  const SetCalibration& calibration = stored.calibration;
  Json head;
  head["format"] = kFormat;
  head["model"] = stored.model;
  head["set"] = stored.set;
  head["embeddings"] = stored.embeddings_key;
  head["logit_scale"] = stored.logit_scale;
  if (!stored.fingerprint.empty()) head["fingerprint"] = stored.fingerprint;
  head["images"] = {{"background", stored.background_images},
                    {"truth", stored.truth_images},
                    {"absent", stored.absent_images}};
  head["confidence"] = {{"logit_weight", calibration.logit_weight},
                        {"z_weight", calibration.z_weight},
                        {"cosine_weight", calibration.cosine_weight},
                        {"bias", calibration.bias}};
  head["min_confidence"] = calibration.min_confidence;
  const auto dump = [](const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
  };
  std::string text = dump(head, 1);
  text.resize(text.size() - 2);  // the end of line and the closing brace: labels follow, one a line
  text += ",\n \"labels\": [";
  for (size_t i = 0; i < stored.labels.size(); ++i) {
    text +=
        (i == 0 ? "\n  " : ",\n  ") + dump(Json::array({stored.labels[i], calibration.means[i],
                                                        calibration.deviations[i], calibration.offsets[i]}),
                                           -1);
  }
  return text + "\n ]\n}\n";
}

StoredCalibration parse_calibration(std::string_view content, const std::filesystem::path& path) {
  const Json json = Json::parse(content, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw broken(path, "no JSON");
  const Fields fields(json, path);
  if (fields.number("format") != kFormat) {
    throw Error(ErrorKind::kLabels, "calibration file of another format", path.string(),
                "recreate it with 'kiloword calibrate'");
  }
  StoredCalibration stored;
  stored.model = fields.text("model");
  stored.set = fields.text("set");
  stored.embeddings_key = fields.text("embeddings");
  if (stored.embeddings_key.size() != kKeyDigits) throw broken(path, "embeddings is not a key");
  stored.logit_scale = fields.number("logit_scale");
  if (json.contains("fingerprint")) stored.fingerprint = fields.text("fingerprint");
  const Fields images(fields.at("images"), path);
  stored.background_images = images.count("background");
  stored.truth_images = images.count("truth");
  stored.absent_images = images.count("absent");
  const Fields confidence(fields.at("confidence"), path);
  SetCalibration& calibration = stored.calibration;
  calibration.logit_weight = confidence.number("logit_weight");
  calibration.z_weight = confidence.number("z_weight");
  calibration.cosine_weight = confidence.number("cosine_weight");
  calibration.bias = confidence.number("bias");
  calibration.min_confidence = fields.number("min_confidence");
  read_labels(fields.at("labels"), path, stored);
  if (!is_sound(calibration, stored.labels.size())) throw broken(path, "numbers out of range");
  return stored;
}

}  // namespace kiloword
