#include "tokenizer/tiny_vocabulary.h"

#include <zlib.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>

#include "kiloword/base/utf8.h"
#include "tokenizer/byte_alphabet.h"

namespace kiloword::testing {

std::filesystem::path tiny_vocabulary(const std::string& name) {
  return std::filesystem::path(KILOWORD_TESTS_DIR) / "tokenizer" / "data" / name;
}

std::string byte_vocabulary(const std::vector<std::string>& more) {
  nlohmann::ordered_json vocabulary;
  for (int byte = 0; byte < 256; ++byte) vocabulary[byte_spelling(static_cast<uint8_t>(byte))] = byte;
  int id = 256;
  for (const std::string& piece : more) vocabulary[piece] = id++;
  return vocabulary.dump();
}

std::string gzipped(std::string_view bytes) {
  constexpr int kGzipWindow = 15 + 16;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflateInit2");
  }
  std::string packed(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int status = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("deflate");
  return packed;
}

std::string random_text(unsigned seed, int code_points) {
  constexpr char32_t kLimits[] = {0x80, 0x80, 0x80, 0x250, 0x800, 0x3100, 0xD800, 0x20000, 0x110000};
  std::mt19937 random(seed);
  std::string text;
  while (code_points > 0) {
    const auto c = static_cast<char32_t>(random() % kLimits[random() % std::size(kLimits)]);
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    append_utf8(text, c);
    --code_points;
  }
  return text;
}

}  // namespace kiloword::testing
