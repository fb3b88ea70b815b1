#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/row_values.h"

namespace kiloword {

/// The content of a sidecar.
enum class SidecarStyle {
  kCaption,  ///< the caption as a line for prompts
  kPlain,    ///< its statements, without brackets
  kTags,     ///< the labels of its statements
  kJson,     ///< the record
  kXmp,      ///< an XMP packet: description, subject, text for those who do not see the image
};

/// The style called "caption", "plain", "tags", "json" or "xmp". Throws Error(kUsage) for another name, and
/// for "xmp" where kiloword was built without libexempi.
SidecarStyle sidecar_style(const std::string& name);

/// Throws Error(kUsage) where kiloword was built without libexempi, which writes into images.
void require_embedding();

/// The handling of an existing sidecar.
enum class ExistingSidecar {
  kKeep,
  kAppend,     ///< missing parts are added
  kOverwrite,  ///< in an XMP packet: only the three properties
};

struct SidecarOptions {
  SidecarStyle style = SidecarStyle::kCaption;
  bool by_stem = false;   ///< photo.txt beside photo.jpg, instead of photo.jpg.txt
  std::string prefix;     ///< before the text
  std::string suffix;     ///< after it
  std::string separator;  ///< between tags, and before appended text
  ExistingSidecar existing = ExistingSidecar::kKeep;
};

enum class SidecarResult {
  kWritten,
  kKept,     ///< one was there already
  kNothing,  ///< the image has no selected statement
};

/// The path of the sidecar of the image `image`.
std::string sidecar_path(const std::string& image, const SidecarOptions& options);

/// Writes the sidecar of the row `row`, whose values are `values`, in one step and through no symbolic link
/// (one that is to be overwritten is replaced, not followed). Throws Error(kOutput) if it cannot be written,
/// if its name belongs to something other than a file, or if the existing one cannot be extended.
SidecarResult write_sidecar(const std::string& path, const std::string& row, const RowValues& values,
                            const SidecarOptions& options);

/// Passes inputs on; one that shares its sidecar with an earlier one (photo.jpg and photo.png share
/// photo.txt) gets an error that names both.
class OneSidecarEach : public InputSource {
 public:
  OneSidecarEach(std::shared_ptr<InputSource> inputs, SidecarOptions options)
      : inputs_(std::move(inputs)), options_(std::move(options)) {}

  std::optional<BatchInput> next() override;

 private:
  std::shared_ptr<InputSource> inputs_;
  SidecarOptions options_;
  std::vector<std::string> endings_;  ///< that have come
  std::unordered_map<uint64_t, uint32_t>
      ending_of_;  ///< hash of a path without its ending -> its first ending
};

}  // namespace kiloword
