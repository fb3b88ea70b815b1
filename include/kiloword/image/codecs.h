#pragma once

#include <string>
#include <vector>

namespace kiloword {

/// An optional library or program that some formats need.
struct OptionalCodec {
  std::string formats;  ///< "HEIC and AVIF"
  std::string name;     ///< "libheif"
  std::string state;    ///< its version, "found", or the package to install
};

/// All optional codecs. Programs are looked up in PATH.
std::vector<OptionalCodec> optional_codecs();

}  // namespace kiloword
