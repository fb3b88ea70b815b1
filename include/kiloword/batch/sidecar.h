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
  kXmp,      ///< an XMP packet: description, subject, alt text
};

/// The style called "caption", "plain", "tags", "json" or "xmp". Throws Error(kUsage) for another name, and
/// for "xmp" if kiloword was built without libexempi.
SidecarStyle sidecar_style(const std::string& name);

/// Throws Error(kUsage) if kiloword was built without libexempi, which writes metadata into images.
void require_embedding();

/// How to treat an existing sidecar.
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
  kKept,     ///< an existing one was kept
  kNothing,  ///< the image has no selected statement
};

/// The path of the sidecar of the image `image`.
std::string sidecar_path(const std::string& image, const SidecarOptions& options);

/// Writes the sidecar of `row`, whose values are `values`, atomically and without following a symbolic link
/// (kOverwrite replaces the link). Throws Error(kOutput) if it cannot be written, if the path exists but is
/// not a file, or if the existing one cannot be extended.
SidecarResult write_sidecar(const std::string& path, const std::string& row, const RowValues& values,
                            const SidecarOptions& options);

/// Passes inputs on, setting an error on each that shares its sidecar with an earlier one (photo.jpg and
/// photo.png share photo.txt); the error names both.
class OneSidecarEach : public InputSource {
 public:
  OneSidecarEach(std::shared_ptr<InputSource> inputs, SidecarOptions options)
      : inputs_(std::move(inputs)), options_(std::move(options)) {}

  std::optional<BatchInput> next() override;

 private:
  std::shared_ptr<InputSource> inputs_;
  SidecarOptions options_;
  std::vector<std::string> endings_;  ///< endings so far
  std::unordered_map<uint64_t, uint32_t>
      ending_of_;  ///< hash of a path without its ending -> its first ending
};

}  // namespace kiloword
