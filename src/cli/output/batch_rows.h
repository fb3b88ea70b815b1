#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/input/caption_source.h"
#include "cli/output/message_log.h"
#include "cli/parser/options.h"
#include "kiloword/batch/batch_run.h"
#include "kiloword/batch/row_template.h"
#include "kiloword/batch/shard.h"
#include "kiloword/batch/sidecar.h"

namespace kiloword::cli {

/// Converts the captions of a batch to output lines, and to files beside the images. make() is thread-safe.
class BatchRows {
 public:
  /// `arguments` and `messages` must outlive it. `tells_errors`: also report errors of images, which have
  /// error rows.
  BatchRows(const BatchArguments& arguments, std::string run, const Shard& shard, MessageLog& messages,
            bool tells_errors);

  /// The first line of the output, without its line end; empty: none.
  std::string heading() const;
  /// `inputs`, with an error for those that would share a sidecar with another input.
  std::shared_ptr<InputSource> inputs(std::shared_ptr<InputSource> inputs) const;
  /// The line of an input. If its sidecar cannot be written, the error is stored in `image`.
  MadeRow make(const BatchInput& input, CaptionedImage& image) const;

 private:
  std::string json(const BatchInput& input, const CaptionedImage& image) const;
  void write_sidecar_of(const BatchInput& input, CaptionedImage& image) const;
  /// Writes metadata into the image file; updates size and time in `input`.
  void embed_in(BatchInput& input, CaptionedImage& image) const;

  const BatchArguments& arguments_;
  std::string run_;
  Shard shard_;
  MessageLog& messages_;
  bool tells_errors_;
  SidecarOptions sidecars_;
  std::optional<RowTemplate> template_;
};

}  // namespace kiloword::cli
