#pragma once

#include <optional>
#include <string>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/row_values.h"
#include "kiloword/image/decode_limits.h"

namespace kiloword {

enum class EmbedResult {
  kWritten,
  kUnchanged,  ///< the image already has all values
  kNothing,    ///< the image has no selected statement
};

/// Writes `values` into the XMP of the JPEG, PNG, TIFF or WebP file `image`, with the properties of an XMP
/// sidecar; other metadata is preserved, except that a description in EXIF or IPTC is kept in sync. Unless
/// `replaces`, an existing description is kept and subjects are added. The file is replaced in one step,
/// after the new one has been decoded (`limits`) and found to have the same pixels; `stamp` is then that of
/// the new file. Throws Error(kOutput) for a symbolic link, a file with several hard links, a read-only file,
/// another format, and a file that cannot be written; the image is then unchanged.
EmbedResult embed_metadata(const std::string& image, const RowValues& values, bool replaces,
                           const DecodeLimits& limits, std::optional<FileStamp>& stamp);

}  // namespace kiloword
