#pragma once

#include <string>

namespace kiloword::bench {

/// Decodes the JPEG file `bytes`, at 1/`reduction` of its size, to rows that are dropped, by nothing but
/// libjpeg: what a decoder built on it costs at least. Ends the program for what is no JPEG.
void decode_by_libjpeg_alone(const std::string& bytes, int reduction);

}  // namespace kiloword::bench
