#include "kiloword/batch/name_filter.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>

namespace kiloword {
namespace {

constexpr std::array kImagePatterns{
    "*.jpg", "*.jpeg", "*.jpe", "*.jfif", "*.pjpeg", "*.pjp", "*.mpo", "*.png", "*.apng", "*.gif", "*.webp",
    "*.bmp", "*.dib", "*.tif", "*.tiff", "*.pnm", "*.pbm", "*.pgm", "*.ppm", "*.pam", "*.jp2", "*.j2k",
    "*.j2c", "*.jpc", "*.ras", "*.sr", "*.heic", "*.heif", "*.hif", "*.avif", "*.jxl", "*.ico", "*.cur",
    "*.tga", "*.svg", "*.svgz", "*.pdf",
    // Raw files of cameras.
    "*.dng", "*.cr2", "*.cr3", "*.crw", "*.nef", "*.nrw", "*.arw", "*.sr2", "*.srf", "*.raf", "*.rw2",
    "*.orf", "*.pef", "*.srw", "*.x3f", "*.mrw", "*.erf", "*.3fr", "*.iiq", "*.kdc", "*.dcr", "*.mef",
    "*.mos", "*.rwl",
    // Told apart and not read: a row with an error says so.
    "*.exr", "*.hdr", "*.pfm", "*.psd", "*.psb", "*.qoi", "*.dds", "*.icns", "*.xcf", "*.sgi", "*.fits",
    "*.blp", "*.dpx", "*.mng", "*.jng", "*.jxr", "*.wdp", "*.hdp", "*.flif", "*.bpg", "*.eps", "*.xpm",
    "*.pcx", "*.dcx", "*.djvu"};

constexpr std::array kVideoPatterns{"*.mp4", "*.m4v", "*.mov", "*.mkv",  "*.webm", "*.avi",
                                    "*.flv", "*.ogv", "*.mpg", "*.mpeg", "*.wmv",  "*.3gp"};

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool matches(const std::string& pattern, const std::string& path) {
  const bool whole = pattern.find('/') != std::string::npos;
  return ::fnmatch(pattern.c_str(), whole ? path.c_str() : last_part(path).c_str(), 0) == 0;
}

bool matches_any(const std::vector<std::string>& patterns, const std::string& path) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches(pattern, path); });
}

template <typename Patterns>
bool has_ending(const std::string& path, const Patterns& patterns) {
  const std::string name = last_part(path);
  return std::any_of(patterns.begin(), patterns.end(), [&](const char* pattern) {
    return ::fnmatch(pattern, name.c_str(), FNM_CASEFOLD) == 0;
  });
}

}  // namespace

bool NameFilter::accepts_file(const std::string& path) const {
  if (!accepts_folder(path)) return false;
  if (!include.empty()) return matches_any(include, path);
  return has_ending(path, kImagePatterns) || (videos && has_ending(path, kVideoPatterns));
}

bool NameFilter::accepts_folder(const std::string& path) const {
  return (hidden || last_part(path).rfind('.', 0) != 0) && !matches_any(exclude, path);
}

}  // namespace kiloword
