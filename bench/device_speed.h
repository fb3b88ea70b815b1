#pragma once

#include <filesystem>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword::bench {

/// Where and in what the networks that are timed compute.
struct TimedDevice {
  std::string device;     ///< "cpu", "cuda:0"
  std::string precision;  ///< "fp32" or "bf16"
  int threads = 1;        ///< on a CPU
  double tflops =
      0;  ///< what a large matrix product reaches there, 10^12 multiplications and additions a second
};

/// Times that product.
TimedDevice time_device(const std::string& device, const std::string& precision, int threads);

/// Prints images and texts a second, and the share of the device's arithmetic that this is.
void print_speed(ImageTextEncoder& encoder, const std::filesystem::path& model, const TimedDevice& on);

/// The same of tokens: one text, and many that branch.
void print_speed(LanguageModel& model, const std::filesystem::path& folder, const TimedDevice& on);

}  // namespace kiloword::bench
