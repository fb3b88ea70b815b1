#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/observer.h"
#include "kiloword/guided/description.h"
#include "kiloword/guided/options.h"
#include "kiloword/guided/rule_options.h"
#include "kiloword/image/decode_limits.h"
#include "kiloword/model/compute_options.h"
#include "kiloword/model/embeddings.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/pipeline/statement_choices.h"

namespace kiloword {

/// What an engine opens, and how it computes.
struct EngineOptions {
  /// A name, a folder or a file (`kiloword models list`); "default" is lite, or nano where lite is
  /// incomplete.
  std::string model = "default";
  std::string language_model;  ///< likewise; empty: none, and nothing can be described
  ComputeOptions compute;
  DecodeLimits decoding;
  uint64_t memory_bytes =
      0;  ///< for the pixels of images that are being decoded; 0: half of what is available
  /// Whether images come in numbers: each call of the network has one core then, and as many calls run at the
  /// same time as there are cores. Otherwise one call has all of them.
  bool many_images = false;
  /// Fetches inputs that are addresses, of http or https; none: all are files.
  std::function<std::string(const std::string& url)> fetch = nullptr;
};

/// How descriptions are written.
struct DescribeOptions {
  GuidedChoices search;
  OutputRuleOptions rules;
  std::string scorer;  ///< a shell command that scores texts (docs/guided.md); empty: none
  double scorer_weight = 1;
  double scorer_timeout_s = 30;
};

struct EngineParts;
class CaptionPipeline;
struct EncodedImage;

/// Captions images with the label sets and options that it was made with. Copies share everything; all of it
/// is safe to use from several threads at the same time. It keeps its engine's models alive.
///
/// An image that cannot be used gives a record with an `error`; what concerns every image is thrown.
class Captioner {
 public:
  /// The record of the image file `path`, or of standard input for "-".
  CaptionRecord caption_file(const std::string& path) const;
  /// The record of the image whose file content is `bytes`; `name` becomes the record's path.
  CaptionRecord caption_bytes(std::string_view bytes, const std::string& name = "-") const;
  /// Hands the records of `paths` to `use`, in order and on the calling thread; images are decoded on threads
  /// and encoded in batches. Throws what `use` throws.
  void caption_files(const std::vector<std::string>& paths,
                     const std::function<void(const CaptionRecord&)>& use) const;
  /// Changes whenever a record may change: models, label sets, options, and how images are decoded. 16
  /// digits. The first call reads all weights.
  std::string fingerprint() const;

  /// Its parts, of which no header is installed.
  const CaptionPipeline& pipeline() const;

 private:
  friend class Engine;
  struct State;
  explicit Captioner(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// Describes images in free text. Copies share everything; all of it is safe to use from several threads at
/// the same time, which take turns token by token, but for a scorer's, which has one process. It keeps its
/// engine's models alive.
///
/// An image that cannot be used, or for which the rules leave no text, gives a record with an `error`.
class Describer {
 public:
  /// `observer`, where there is one, is called after each token.
  DescriptionRecord describe_file(const std::string& path, const SearchObserver& observer = {}) const;
  DescriptionRecord describe_bytes(std::string_view bytes, const std::string& name = "-",
                                   const SearchObserver& observer = {}) const;
  /// Hands the records of `paths` to `use`, in order and on the calling thread; further images are decoded
  /// meanwhile. Throws what `use` throws.
  void describe_files(const std::vector<std::string>& paths,
                      const std::function<void(const DescriptionRecord&)>& use,
                      const SearchObserver& observer = {}) const;

  /// Changes whenever a record may change: models, options, and how images are decoded. 16 digits. Reads all
  /// weights.
  std::string fingerprint() const;

  /// The record of an image that is encoded already; for kiloword's own commands.
  DescriptionRecord describe(const EncodedImage& image, const SearchObserver& observer = {}) const;

 private:
  friend class Engine;
  struct State;
  explicit Describer(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// Models that are loaded, and what captions, describes and embeds with them. Copies share the models; all of
/// it is safe to use from several threads at the same time. Nothing is printed, and every failure is an
/// Error.
class Engine {
 public:
  /// Loads the models. `observer` hears about it, and about label sets later; it must outlive the engine and
  /// all that comes of it. Throws Error(kModel).
  static Engine open(const EngineOptions& options, Observer& observer);
  static Engine open(const EngineOptions& options = {});

  /// A captioner with the label sets and options of `choices`; without names, the model's own sets. They are
  /// embedded or taken from the cache (`$XDG_CACHE_HOME/kiloword`), and kept as long as the engine lives.
  /// Where embedding the model's own sets would take more than `patience_s` seconds, only `medium` and
  /// `people` are, if they are among them; records name the others. Throws Error(kLabels), Error(kUsage).
  Captioner captioner(const StatementChoices& choices = {},
                      double patience_s = std::numeric_limits<double>::infinity()) const;
  /// Throws Error(kUsage) for options out of range, at odds with the language model, or without one.
  Describer describer(const DescribeOptions& options = {}) const;

  /// D: values of an embedding.
  int64_t embedding_dim() const;
  /// [1, D], unit length. Throws Error(kInput) for what is no image that can be used.
  Embeddings embed_image_file(const std::string& path) const;
  Embeddings embed_image_bytes(std::string_view bytes) const;
  /// [number of texts, D], each of unit length. The observer is warned of texts that are cut to the model's
  /// context.
  Embeddings embed_texts(const std::vector<std::string>& texts) const;

  /// What records call the model.
  const std::string& model_name() const;
  /// Its parts, of which no header is installed.
  EngineParts& parts() const { return *parts_; }

 private:
  explicit Engine(std::shared_ptr<EngineParts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<EngineParts> parts_;
};

}  // namespace kiloword
