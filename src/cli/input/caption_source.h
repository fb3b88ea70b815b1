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
  std::string record;  ///< JSON; an error record if it failed
  std::string caption;
  std::optional<Error> error;  ///< set if it failed
};

/// Reads and decodes an input; see BatchWork::prepare.
using Preparer = std::function<PreparedImage(const BatchInput&, const ReserveMemory&)>;

/// Prepares images for the encoder of `engine`, which must outlive the result.
Preparer image_preparer(const Engine& engine, const DecodeLimits& limits, const PrepareOptions& prepare);

/// Captions the images of a batch, with networks in this process or on a server.
class CaptionSource {
 public:
  CaptionSource() = default;
  CaptionSource(const CaptionSource&) = delete;
  CaptionSource& operator=(const CaptionSource&) = delete;
  virtual ~CaptionSource() = default;

  /// Fingerprint of everything that determines the content of records.
  virtual std::string run() const = 0;
  /// Number of threads that prepare and caption images.
  virtual int workers() const = 0;
  /// Maximum number of images per call of captions().
  virtual size_t images_per_call() const = 0;
  virtual Preparer preparer() const = 0;
  /// Captions of prepared images, in the same order. Thread-safe.
  virtual std::vector<CaptionedImage> captions(std::vector<PreparedImage> images) const = 0;
};

/// The caption source for `arguments`; loads the networks, unless a server has them.
std::unique_ptr<CaptionSource> make_caption_source(const BatchArguments& arguments, Console& console);

}  // namespace kiloword::cli
