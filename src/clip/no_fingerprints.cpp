#include "clip/fingerprints.h"

namespace kiloword {

std::string fingerprint_text(const Checkpoint& /*file*/, const ClipConfig& /*config*/,
                             const TextFraming& /*framing*/, const std::filesystem::path& /*folder*/,
                             TextCleaning /*cleaning*/, const std::string& /*precision*/) {
  return {};
}

std::string fingerprint_model(const std::string& /*text_fingerprint*/, const Checkpoint& /*file*/,
                              const Checkpoint* /*network*/, const VisionConfig& /*vision*/,
                              const PreprocessSpec& /*preprocess*/) {
  return {};
}

}  // namespace kiloword
