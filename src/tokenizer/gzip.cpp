#include "tokenizer/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, gzip wrapping only
constexpr size_t kFirstGuess = size_t{1} << 22;

class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, kGzipWindow) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  bool ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

std::string gunzip(std::string_view compressed, size_t max_bytes, const std::string& where) {
  const std::string remedy = "download it again";
  if (compressed.size() < 2 || compressed[0] != '\x1f' || compressed[1] != '\x8b') {
    throw Error(ErrorKind::kModel, "not gzip data", where, remedy);
  }
  Inflater inflater;
  if (!inflater.ready() || compressed.size() > std::numeric_limits<uInt>::max()) {
    throw Error(ErrorKind::kModel, "gzip data cannot be unpacked", where, remedy);
  }
  z_stream& stream = inflater.stream();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string content;
  int status = Z_OK;
  while (status == Z_OK && stream.total_out <= max_bytes) {
    const size_t done = stream.total_out;
    content.resize(std::min(max_bytes + 1, std::max(kFirstGuess, 2 * done)));
    stream.next_out = reinterpret_cast<Bytef*>(&content[done]);
    stream.avail_out = static_cast<uInt>(content.size() - done);
    status = inflate(&stream, Z_NO_FLUSH);
  }
  if (stream.total_out > max_bytes) {
    throw Error(ErrorKind::kModel, "unpacks to more than " + std::to_string(max_bytes) + " bytes", where,
                remedy);
  }
  if (status != Z_STREAM_END) throw Error(ErrorKind::kModel, "truncated or corrupt gzip data", where, remedy);
  content.resize(stream.total_out);
  return content;
}

}  // namespace kiloword
