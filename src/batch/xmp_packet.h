#pragma once

#include <string>
#include <vector>

namespace kiloword {

/// What an XMP packet says of an image.
struct XmpTexts {
  std::string description;        ///< dc:description and Iptc4xmpCore:AltTextAccessibility, in x-default
  std::vector<std::string> tags;  ///< dc:subject
};

/// Whether kiloword was built with libexempi, which reads and writes XMP.
bool can_write_xmp();

/// The packet `old` (empty: a new one) with `texts`; everything else in it stays. `adds`: a description that
/// is there is kept, and subjects are added to; else both are replaced. Throws Error(kOutput) where `old`,
/// the content of `path`, is no XMP, and without libexempi.
std::string xmp_packet(const std::string& old, const XmpTexts& texts, bool adds, const std::string& path);

/// Does the same with the packet in the JPEG, PNG or TIFF file `file`, which `path` is the name of in errors.
/// A description in EXIF or IPTC counts as one that is there, and is kept in step; other metadata stays.
/// Returns false where nothing had to be changed. Throws as xmp_packet() does; the file may then be damaged.
bool update_xmp_of_file(const std::string& file, const XmpTexts& texts, bool adds, const std::string& path);

}  // namespace kiloword
