#include "kiloword/decision/calibration_file.h"

#include <gtest/gtest.h>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

StoredCalibration example() {
  StoredCalibration stored;
  stored.model = "nano";
  stored.set = "nano/medium";
  stored.embeddings_key = std::string(32, 'a');
  stored.logit_scale = 15.5;
  stored.labels = {"photo", "\"quoted\" \xC3\xA9"};
  stored.background_images = 900;
  stored.truth_images = 1000;
  stored.absent_images = 100;
  stored.calibration.means = {0.125, -0.1};
  stored.calibration.deviations = {0.05, 0.0625};
  stored.calibration.offsets = {0.5, -0.375};
  stored.calibration.logit_weight = 1.5;
  stored.calibration.z_weight = 0.1;
  stored.calibration.bias = -2.25;
  stored.calibration.min_confidence = 0.8;
  return stored;
}

std::string refusal(const std::string& content) {
  try {
    parse_calibration(content, "set.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kLabels);
    EXPECT_NE(std::string(error.what()).find("set.json"), std::string::npos);
    return error.message();
  }
  return "no error";
}

/// `content` with the first `from` replaced by `to`.
std::string changed(const std::string& from, const std::string& to) {
  std::string content = calibration_json(example());
  const size_t at = content.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return content.replace(at, from.size(), to);
}

TEST(CalibrationFile, ReadsWhatItWrote) {
  const StoredCalibration stored = parse_calibration(calibration_json(example()), "set.json");
  EXPECT_EQ(calibration_json(stored), calibration_json(example()));
  EXPECT_EQ(stored.labels, example().labels);
  EXPECT_EQ(stored.calibration.means, example().calibration.means);
  EXPECT_EQ(stored.calibration.offsets, example().calibration.offsets);
  EXPECT_EQ(stored.truth_images, 1000U);
}

TEST(CalibrationFile, HostileContentIsRefused) {
  for (const char* content : {"", "{", "[]", "null", "{}", "7"})
    EXPECT_NE(refusal(content), "no error") << content;
  EXPECT_EQ(refusal(changed("\"format\": 2", "\"format\": 1")), "calibration file of another format");
  const std::vector<std::pair<std::string, std::string>> changes{
      {"0.125", "\"x\""},
      {"0.125", "1e999"},
      {"0.05", "0"},
      {",-0.375", ""},
      {"-0.375", "null"},
      {"0.05", "-1"},
      {"\"bias\": -2.25", "\"bias\": null"},
      {"1000", "-5"},
      {"1000", "1e300"},
      {"\"min_confidence\": 0.8", "\"min_confidence\": 8"},
      {"\"z_weight\": 0.1", "\"z_weight\": -0.1"},
      {"\"photo\",", "7,"},
      {"\"photo\",", ""},
      {"aaaa", "aaa"},
      {"\"labels\"", "\"lables\""},
      {"\"images\": {", "\"images\": 5, \"other\": {"}};
  for (const auto& [from, to] : changes)
    EXPECT_NE(refusal(changed(from, to)), "no error") << from << " -> " << to;
}

TEST(CalibrationFile, EveryCutIsRefused) {
  const std::string content = calibration_json(example());
  for (size_t length = 0; length + 2 < content.size(); ++length) {
    EXPECT_NE(refusal(content.substr(0, length)), "no error") << length;
  }
}

}  // namespace
}  // namespace kiloword
