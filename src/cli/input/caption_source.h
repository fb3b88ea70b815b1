#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/output/console.h"
#include "cli/parser/options.h"
#include "kiloword/base/error.h"
#include "kiloword/batch/batch_input.h"
#include "kiloword/engine/engine.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword::cli {

/// The caption of one image.
struct CaptionedImage {
  std::string record;  ///< JSON, an error record where it failed
  std::string caption;
  std::optional<Error> error;  ///< set: it failed
};

/// Reads and decodes an input: see BatchWork::prepare.
using Preparer = std::function<PreparedImage(const BatchInput&, const ReserveMemory&)>;

/// The one that prepares images for the encoder of `engine`, which must outlive it.
Preparer image_preparer(const Engine& engine, const DecodeLimits& limits, const PrepareOptions& prepare);

/// What captions the images of a batch: networks of this process, or a server.
class CaptionSource {
 public:
  CaptionSource() = default;
  CaptionSource(const CaptionSource&) = delete;
  CaptionSource& operator=(const CaptionSource&) = delete;
  virtual ~CaptionSource() = default;

  /// The fingerprint of whatever decides what a record says.
  virtual std::string run() const = 0;
  /// Threads that prepare images and caption them.
  virtual int workers() const = 0;
  /// Images that are captioned at once, at most.
  virtual size_t images_per_call() const = 0;
  virtual Preparer preparer() const = 0;
  /// The captions of prepared images, in their order. May be called from several threads at once.
  virtual std::vector<CaptionedImage> captions(std::vector<PreparedImage> images) const = 0;
};

/// The one that `arguments` ask for. The networks of this process are loaded by this.
std::unique_ptr<CaptionSource> make_caption_source(const BatchArguments& arguments, Console& console);

}  // namespace kiloword::cli
