#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"

namespace kiloword::test {

/// A file that lies, breaks off or is no image at all, and what exactly is said about it.
struct HostileFile {
  std::string name;
  std::string bytes;
  std::string message;  ///< of the error, or "decodes" for files that are harmless in spite of their fault
};

/// Decodes `file` by `decode` and compares the message; it may not take long.
template <typename Decode>
void expect_message(const HostileFile& file, Decode decode) {
  const auto start = std::chrono::steady_clock::now();
  std::string message = "decodes";
  try {
    const Image image = decode(file.bytes);
    EXPECT_EQ(image.rgb.size(), static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput) << file.name;
    EXPECT_NE(error.remedy(), "") << file.name;
    message = error.message();
  }
  EXPECT_EQ(message, file.message) << file.name;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_LT(seconds.count(), 5.0) << file.name;
}

/// Decodes each file, and again for models so small that a JPEG of 16 pixels is read at 1/2 and 1/4.
inline void expect_messages(const std::vector<HostileFile>& files) {
  for (const HostileFile& file : files) {
    expect_message(file, [](const std::string& bytes) { return decode_image(bytes); });
    for (const int size_px : {2, 1}) {
      PreprocessSpec spec;
      spec.size_px = size_px;
      expect_message(file, [&](const std::string& bytes) { return decode_for_model(bytes, spec).image; });
    }
  }
}

}  // namespace kiloword::test
