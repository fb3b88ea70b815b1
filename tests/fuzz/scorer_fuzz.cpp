// Answers of scorer programs: the first byte is the number of texts, the rest the line.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "guided/scorer_protocol.h"
#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

/// Whatever the bytes: one finite number per text, or one clear error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view line(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const std::vector<double> scores = kiloword::parse_scorer_answer(line, data[0]);
    require(scores.size() == data[0]);
    for (const double score : scores) require(std::isfinite(score));
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kModel && kiloword::is_valid_utf8(error.what()));
  }
  return 0;
}
