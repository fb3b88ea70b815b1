#pragma once

#include <string>

namespace kiloword {

/// The content of the image file at `path`, or of standard input for "-". Throws Error(kInput) for what
/// cannot be read, is a folder, is empty, or has more than a gibibyte: no camera writes so much; and for what
/// does not begin like an image, or, where `videos`, like a video.
std::string read_image_bytes(const std::string& path, bool videos = false);

/// Whether `path` is an address, of http or https, and no file.
bool is_image_url(const std::string& path);

/// What messages call the input `path`: "standard input" for "-".
std::string input_name(const std::string& path);

}  // namespace kiloword
