#pragma once

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kiloword {

/// The file in memory, as libtiff's callbacks see it, and the first thing that went wrong.
struct TiffSource {
  std::string_view bytes;
  uint64_t position = 0;
  bool read_past_end = false;
  std::string message;
};

using TiffHandle = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

/// Opens the first directory of `source`, which must outlive the handle; none of libtiff's buffers becomes
/// larger than `max_bytes`. Nothing goes to stderr. Empty where the file cannot be opened.
TiffHandle open_tiff(TiffSource& source, uint64_t max_bytes);

/// What went wrong, as an Error: the file is cut off or corrupt.
[[noreturn]] void throw_tiff_error(const TiffSource& source);

}  // namespace kiloword
