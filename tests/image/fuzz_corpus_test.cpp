// Replays the fuzzer's corpus, and the samples, which serve it as seeds.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "kiloword/base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace kiloword {
namespace {

TEST(ImageFuzzCorpus, EveryInputIsHandled) {
  int inputs = 0;
  for (const char* folder : {"fuzz/corpus/image", "image/data"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(KILOWORD_TESTS_DIR "/" + std::string(folder))) {
      SCOPED_TRACE(entry.path().filename().string());
      const std::string bytes = read_file(entry.path(), 1 << 20, ErrorKind::kInput);
      EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), 0);
      ++inputs;
    }
  }
  EXPECT_GE(inputs, 60);
}

}  // namespace
}  // namespace kiloword
