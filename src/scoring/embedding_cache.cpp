#include "kiloword/scoring/embedding_cache.h"

#include <cstring>
#include <string_view>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/hash.h"

namespace kiloword {
namespace {

// File layout: header, then rows * dim native floats, then the 32 hexadecimal digits of the fingerprint of
// both. The magic word carries the layout's version; it and the native byte order differ on a machine of
// other order.
struct Header {
  char magic[8];  // NOLINT(modernize-avoid-c-arrays): the layout of the file
  int64_t rows;
  int64_t dim;
};
constexpr std::string_view kMagic = "KWEMBED1";
constexpr size_t kFingerprintDigits = 32;

Header make_header(int64_t rows, int64_t dim) {
  Header header{};
  std::memcpy(header.magic, kMagic.data(), kMagic.size());
  header.rows = rows;
  header.dim = dim;
  return header;
}

}  // namespace

EmbeddingCache::EmbeddingCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

std::filesystem::path EmbeddingCache::file_of(const std::string& key) const {
  return folder_ / (key + ".emb");
}

std::optional<Embeddings> EmbeddingCache::load(const std::string& key, int64_t rows, int64_t dim) const {
  if (folder_.empty()) return std::nullopt;
  try {
    const MappedFile file(file_of(key), ErrorKind::kInternal);
    const std::string_view bytes = file.bytes();
    const Header expected = make_header(rows, dim);
    const size_t payload = static_cast<size_t>(rows * dim) * sizeof(float);
    if (bytes.size() != sizeof expected + payload + kFingerprintDigits ||
        std::memcmp(bytes.data(), &expected, sizeof expected) != 0) {
      return std::nullopt;
    }
    const std::string_view content = bytes.substr(0, sizeof expected + payload);
    if (Fingerprint().add(content).hex() != bytes.substr(content.size())) return std::nullopt;
    Embeddings embeddings{rows, dim, std::vector<float>(static_cast<size_t>(rows * dim))};
    if (payload > 0) std::memcpy(embeddings.values.data(), content.data() + sizeof expected, payload);
    return embeddings;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool EmbeddingCache::store(const std::string& key, const Embeddings& embeddings) const {
  if (folder_.empty()) return false;
  const Header header = make_header(embeddings.rows, embeddings.dim);
  std::string content(reinterpret_cast<const char*>(&header), sizeof header);
  content.append(reinterpret_cast<const char*>(embeddings.values.data()),
                 embeddings.values.size() * sizeof(float));
  content += Fingerprint().add(content).hex();
  try {
    write_file_atomically(file_of(key), content);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace kiloword
