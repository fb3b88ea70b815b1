#pragma once

#include <string>

namespace kiloword {

/// The content of the image file at `path`, or of standard input for "-". Throws Error(kInput) for a file
/// that cannot be read, a folder, an empty file, one over 1 GiB, and one that does not begin like an image
/// or, if `videos`, like a video.
std::string read_image_bytes(const std::string& path, bool videos = false);

/// Whether `path` is an http or https URL rather than a file.
bool is_image_url(const std::string& path);

/// The name of the input `path` in messages: "standard input" for "-".
std::string input_name(const std::string& path);

}  // namespace kiloword
