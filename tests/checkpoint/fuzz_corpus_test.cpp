#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);  // fuzz/safetensors_fuzz.cpp

namespace kiloword {
namespace {

/// What the fuzzer starts from, and whatever once made it fail, is tried in every test run; a failure aborts.
TEST(SafetensorsFuzzCorpus, Replays) {
  std::vector<std::filesystem::path> files;
  for (const auto& file :
       std::filesystem::directory_iterator(KILOWORD_TESTS_DIR "/fuzz/corpus/safetensors")) {
    files.push_back(file.path());
  }
  EXPECT_GE(files.size(), 10U);
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    SCOPED_TRACE(file);
    const std::string content = read_file(file, uint64_t{1} << 20, ErrorKind::kInput);
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(content.data()), content.size()), 0);
  }
}

}  // namespace
}  // namespace kiloword
