#pragma once

#include <string>
#include <vector>

namespace kiloword {

/// The texts of an image in an XMP packet.
struct XmpTexts {
  std::string description;        ///< dc:description and Iptc4xmpCore:AltTextAccessibility, x-default
  std::vector<std::string> tags;  ///< dc:subject
};

/// Whether kiloword was built with libexempi, which reads and writes XMP.
bool can_write_xmp();

/// Returns the packet `old` (empty: a new one) with `texts`; everything else is preserved. `adds`: keep an
/// existing description and add to the subjects; otherwise replace both. Throws Error(kOutput) if `old`, the
/// content of `path`, is not XMP, or without libexempi.
std::string xmp_packet(const std::string& old, const XmpTexts& texts, bool adds, const std::string& path);

/// Does the same with the packet in the JPEG, PNG or TIFF file `file`; errors name `path`. An EXIF or IPTC
/// description counts as existing and is kept in sync; other metadata is preserved. Returns false if nothing
/// had to be changed. Throws as xmp_packet() does; the file may then be damaged.
bool update_xmp_of_file(const std::string& file, const XmpTexts& texts, bool adds, const std::string& path);

}  // namespace kiloword
