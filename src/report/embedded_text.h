#pragma once

#include <string>

namespace kiloword {

/// The text of a file of page/, which cmake/EmbedFiles.cmake embeds in the program.
template <size_t size>
std::string text_of(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace kiloword
