#pragma once

#include <string_view>

namespace kiloword {

/// A file's format by its first bytes. Most camera raw files begin like TIFFs.
enum class FileFormat {
  kJpeg,
  kPng,
  kGif,
  kWebp,
  kBmp,
  kTiff,
  kJpeg2000,
  kPnm,
  kPam,
  kSunRaster,
  kHeif,
  kJxl,
  kRaw,
  kIcon,
  kTga,
};

/// Detects the format of `bytes`. Separate from the functions that read headers, some of which need large
/// libraries. Throws Error(kInput) if `bytes` are not an image, or of an unsupported format.
FileFormat file_format(std::string_view bytes);

}  // namespace kiloword
