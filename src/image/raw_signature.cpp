#include "image/raw_signature.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/byte_reader.h"

namespace kiloword {
namespace {

constexpr size_t kMaxDirectories = 32;
constexpr size_t kMaxEntries = 512;
constexpr uint64_t kPhotometric = 262;
constexpr uint64_t kSubDirectories = 330;
constexpr uint64_t kDngVersion = 50706;
constexpr uint64_t kFilterArray = 32803;
constexpr uint64_t kLinearRaw = 34892;

/// The tags of TIFF directories, the first and those that it leads to.
class RawScan {
 public:
  explicit RawScan(std::string_view bytes) : in_(bytes, "TIFF"), big_endian_(bytes.substr(0, 2) == "MM") {}

  bool is_raw() {
    if (in_.has(8, 2) && in_.text(8, 2) == "CR") return true;
    waiting_.push_back(number(4, 4));
    for (size_t done = 0; done < waiting_.size() && done < kMaxDirectories; ++done) {
      if (has_raw_tag(waiting_[done])) return true;
    }
    return false;
  }

 private:
  uint64_t number(size_t at, size_t count) const { return in_.number(at, count, big_endian_); }

  bool has_raw_tag(size_t directory) {
    const size_t entries = number(directory, 2);
    for (size_t i = 0; i < entries && i < kMaxEntries; ++i) {
      const size_t entry = directory + 2 + i * 12;
      const uint64_t tag = number(entry, 2);
      if (tag == kDngVersion) return true;
      if (tag == kPhotometric &&
          (number(entry + 8, 2) == kFilterArray || number(entry + 8, 2) == kLinearRaw)) {
        return true;
      }
      if (tag == kSubDirectories) add_directories(entry);
    }
    return false;
  }

  void add_directories(size_t entry) {
    const uint64_t count = number(entry + 4, 4);
    const size_t at = count == 1 ? entry + 8 : number(entry + 8, 4);
    for (size_t i = 0; i < count && waiting_.size() < kMaxDirectories && in_.has(at + i * 4, 4); ++i) {
      waiting_.push_back(number(at + i * 4, 4));
    }
  }

  ByteReader in_;
  bool big_endian_;
  std::vector<size_t> waiting_;
};

}  // namespace

bool is_raw_tiff(std::string_view bytes) {
  try {
    return RawScan(bytes).is_raw();
  } catch (const Error&) {  // whoever reads it as a TIFF says what is wrong with it
    return false;
  }
}

}  // namespace kiloword
