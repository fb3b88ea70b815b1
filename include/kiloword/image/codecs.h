#pragma once

#include <string>
#include <vector>

namespace kiloword {

/// A library or program that some formats need, and that may be missing.
struct OptionalCodec {
  std::string formats;  ///< "HEIC and AVIF"
  std::string name;     ///< "libheif"
  std::string state;    ///< its version, "found", or the package to install
};

/// All of them; a program's presence is looked up in PATH.
std::vector<OptionalCodec> optional_codecs();

}  // namespace kiloword
