// What was measured about a label set: calibrations and examples, which are files that people pass on. The
// first byte chooses which of the two the rest is.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/decision/calibration_file.h"
#include "kiloword/labels/examples.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_calibration(std::string_view content) {
  const kiloword::StoredCalibration stored = kiloword::parse_calibration(content, "fuzz.json");
  require(kiloword::is_sound(stored.calibration, stored.labels.size()));
  for (size_t label = 0; label < stored.labels.size(); ++label) {
    for (const double cosine : {-1.0, 0.0, 1.0}) {
      const double confidence = kiloword::calibrated_confidence(stored.calibration, label, cosine, 0.5);
      require(confidence >= 0 && confidence <= 1);
    }
  }
  const std::string written = kiloword::calibration_json(stored);
  require(kiloword::calibration_json(kiloword::parse_calibration(written, "written.json")) == written);
}

void check_examples(std::string_view content) {
  const kiloword::SetExamples examples = kiloword::parse_examples(content, "fuzz.json");
  require(examples.background.size() >= kiloword::kMinBackgroundPictures);
  for (const kiloword::LabelExamples& label : examples.labels) {
    require(kiloword::is_label_name(label.label) && !label.pictures.empty());
    for (const auto& picture : label.pictures) {
      require(picture.size() == examples.dim);
      for (const float value : picture) require(std::isfinite(value));
    }
  }
  const std::string written = kiloword::examples_json(examples);
  require(kiloword::examples_json(kiloword::parse_examples(written, "written.json")) == written);
}

}  // namespace

/// Whatever the bytes: numbers that can be counted with and come back from a file unchanged, or one clear
/// error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view content(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] % 2 == 0) {
      check_calibration(content);
    } else {
      check_examples(content);
    }
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kLabels && kiloword::is_valid_utf8(error.what()));
  }
  return 0;
}
