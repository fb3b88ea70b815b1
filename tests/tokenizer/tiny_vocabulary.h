#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword::testing {

/// The small vocabularies that are committed with the tests; make_data.py says how they were made.
std::filesystem::path tiny_vocabulary(const std::string& name);

/// `vocab.json` with the 256 byte pieces as ids 0 .. 255, then `more`.
std::string byte_vocabulary(const std::vector<std::string>& more);

/// `bytes` as a gzip file.
std::string gzipped(std::string_view bytes);

/// A text of `code_points` random code points, some of each plane and many of ASCII, always the same for a
/// `seed`.
std::string random_text(unsigned seed, int code_points);

}  // namespace kiloword::testing
