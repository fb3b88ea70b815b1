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

/// Turns the captions of a batch into the lines of its output, and into files beside the images. make() may
/// be called from several threads at once.
class BatchRows {
 public:
  /// The arguments and `messages` must outlive it. `tells_errors`: of images too, which have error rows.
  BatchRows(const BatchArguments& arguments, std::string run, const Shard& shard, MessageLog& messages,
            bool tells_errors);

  /// The first line of the output, without its end; empty: none.
  std::string heading() const;
  /// `inputs`, with an error for those that cannot have a sidecar of their own.
  std::shared_ptr<InputSource> inputs(std::shared_ptr<InputSource> inputs) const;
  /// The line of an input. A sidecar that cannot be written makes an error of `image`.
  MadeRow make(const BatchInput& input, CaptionedImage& image) const;

 private:
  std::string json(const BatchInput& input, const CaptionedImage& image) const;
  void write_sidecar_of(const BatchInput& input, CaptionedImage& image) const;
  /// Writes into the image itself; `input` gets its new size and time.
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
