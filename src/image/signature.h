#pragma once

#include <string_view>

namespace kiloword {

/// What a file is by its first bytes. Most cameras' raw files begin like TIFFs.
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

/// Apart from the functions that read headers, some of which need large libraries. Throws Error(kInput) where
/// `bytes` are no image, or of a format that is not supported.
FileFormat file_format(std::string_view bytes);

}  // namespace kiloword
