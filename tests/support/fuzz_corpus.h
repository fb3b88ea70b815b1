#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data,
                                      size_t size);  // of the fuzz target linked with the test

namespace kiloword::testing {

/// Tries what the fuzzer starts from, and whatever once made it fail, in every test run; a failure aborts.
/// `folder` is relative to the tests folder. Returns how many inputs there were.
inline size_t replay_corpus(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(KILOWORD_TESTS_DIR "/" + folder)) {
    if (file.is_regular_file()) files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    SCOPED_TRACE(file);
    const std::string content = read_file(file, uint64_t{1} << 20, ErrorKind::kInput);
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(content.data()), content.size()), 0);
  }
  return files.size();
}

}  // namespace kiloword::testing
