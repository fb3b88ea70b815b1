// The words of a word head: each once with its class, or one clear error.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "clip/word_list.h"
#include "kiloword/base/error.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  try {
    const std::vector<kiloword::HeadWord> words = kiloword::parse_word_list(content, "words.txt");
    std::string written;
    for (const kiloword::HeadWord& word : words) written += word.word + "\t" + word.word_class + "\n";
    require(written == content || written == std::string(content) + "\n");
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kModel);
  }
  return 0;
}
