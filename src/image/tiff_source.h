#pragma once

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kiloword {

/// The in-memory file for libtiff's callbacks, and the first error.
struct TiffSource {
  std::string_view bytes;
  uint64_t position = 0;
  bool read_past_end = false;
  std::string message;
};

using TiffHandle = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

/// Opens the first directory of `source`, which must outlive the handle; limits each of libtiff's buffers to
/// `max_bytes`. Prints nothing to stderr. Null if the file cannot be opened.
TiffHandle open_tiff(TiffSource& source, uint64_t max_bytes);

/// Throws Error(kInput): the file is truncated or corrupt.
[[noreturn]] void throw_tiff_error(const TiffSource& source);

}  // namespace kiloword
