// Index files: whatever they hold, they are refused, or all that they are said to hold can be read and
// searched.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/memory_file.h"
#include "index/index_state.h"
#include "kiloword/base/error.h"
#include "kiloword/index/image_index.h"
#include "kiloword/index/nearest.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void search(const kiloword::ImageIndex& index) {
  std::vector<float> query(index.key().dim);
  query[0] = 1;
  kiloword::NearestOptions options;
  options.threads = 1;
  const auto matches = kiloword::nearest(index, query.data(), options);
  require(matches.size() <= options.top && matches.size() <= index.live_rows());
  for (const kiloword::Match& match : matches) require(index.is_live(match.row));
}

/// Takes a number of `bytes` bytes off `rest`.
uint64_t take(std::string_view& rest, size_t bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes && !rest.empty(); ++i) {
    number = number << 8U | static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
  }
  return number;
}

std::string file_of_blocks(std::string_view rest) {
  constexpr size_t kDim = 3;
  std::string content(kiloword::kIndexMagic);
  content.resize(kiloword::kIndexBegin, '\0');
  kiloword::append_block(content, kiloword::BlockKind::kAbout, 0, 0, {},
                         kiloword::about_table({"model", "fingerprint", "", "", kDim}));
  while (!rest.empty()) {
    const auto kind = static_cast<kiloword::BlockKind>(take(rest, 1));
    const auto rows = static_cast<uint32_t>(take(rest, 1));
    const std::string_view table = rest.substr(0, take(rest, 1));
    rest.remove_prefix(std::min(table.size(), rest.size()));
    kiloword::append_block(content, kind, rows, kDim, std::vector<uint16_t>(rows * kDim, 0x1234), table);
  }
  return content;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string content = data[0] == 0 ? std::string(input) : file_of_blocks(input);
  const kiloword::fuzz::MemoryFile file(content);
  try {
    const kiloword::ImageIndex index(file.path(), /*incomplete=*/true);
    size_t live = 0;
    for (size_t row = 0; row < index.rows(); ++row) {
      require(index.image(row).path == index.image_path(row));
      if (index.is_live(row)) ++live;
    }
    require(live == index.live_rows());
    search(index);
  } catch (const kiloword::Error&) {
    return 0;
  }
  return 0;
}
