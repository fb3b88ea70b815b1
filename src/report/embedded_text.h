#pragma once

#include <string>

namespace kiloword {

/// A file of page/ as cmake/EmbedFiles.cmake has put it into the program.
template <size_t size>
std::string text_of(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace kiloword
