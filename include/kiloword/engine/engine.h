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
#include "kiloword/pipeline/sentence_source.h"
#include "kiloword/pipeline/statement_choices.h"

namespace kiloword {

/// The models that an engine loads, and how it computes.
struct EngineOptions {
  /// A name, a folder or a file (`kiloword models list`); "default" is lite, or nano where lite is
  /// incomplete.
  std::string model = "default";
  std::string language_model;  ///< likewise; empty: none, so only CoCa models can write descriptions
  ComputeOptions compute;
  DecodeLimits decoding;
  uint64_t memory_bytes = 0;  ///< for the pixels of images being decoded; 0: half of the available memory
  /// For many images: each call of the network uses one core, and as many calls run at the same time as there
  /// are cores. Otherwise one call uses all of them.
  bool many_images = false;
  /// Fetches inputs that are http or https URLs; none: all are files.
  std::function<std::string(const std::string& url)> fetch = nullptr;
};

/// How descriptions are written.
struct DescribeOptions {
  GuidedChoices search;
  OutputRuleOptions rules;
  std::string scorer;  ///< a shell command that scores texts (docs/guided.md); empty: none
  double scorer_weight = 1;
  double scorer_timeout_s = 30;
  /// A bank of human-written sentences: the nearest one that passes the tests of a guided text is the
  /// description. Null: every description is generated.
  std::shared_ptr<const SentenceSource> sentences = nullptr;
};

struct EngineParts;
class CaptionPipeline;
struct EncodedImage;
struct PrepareOptions;

/// Captions images with the label sets and options that it was created with. Copies share everything; all of
/// it is thread-safe. It keeps its engine's models alive.
///
/// An unusable image gives a record with an `error`; failures that concern every image are thrown.
class Captioner {
 public:
  /// The record of the image file `path`, or of standard input for "-".
  CaptionRecord caption_file(const std::string& path) const;
  /// The record of the image with file content `bytes`; `name` becomes the record's path.
  CaptionRecord caption_bytes(std::string_view bytes, const std::string& name = "-") const;
  /// Passes the records of `paths` to `use`, in order and on the calling thread; images are decoded on worker
  /// threads and encoded in batches. Exceptions from `use` propagate.
  void caption_files(const std::vector<std::string>& paths,
                     const std::function<void(const CaptionRecord&)>& use) const;
  /// Changes whenever a record may change: models, label sets, options, and how images are decoded. 16
  /// digits. The first call reads all weights.
  std::string fingerprint() const;

  /// Internals, without an installed header.
  const CaptionPipeline& pipeline() const;

 private:
  friend class Engine;
  struct State;
  explicit Captioner(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// Describes images in free text. Copies share everything; all of it is thread-safe. Threads take turns token
/// by token, except with a scorer, which has one process. It keeps its engine's models alive.
///
/// An unusable image, or one for which the rules allow no text, gives a record with an `error`.
class Describer {
 public:
  /// `observer`, if set, is called after each token.
  DescriptionRecord describe_file(const std::string& path, const SearchObserver& observer = {}) const;
  DescriptionRecord describe_bytes(std::string_view bytes, const std::string& name = "-",
                                   const SearchObserver& observer = {}) const;
  /// Passes the records of `paths` to `use`, in order and on the calling thread; further images are decoded
  /// meanwhile. Exceptions from `use` propagate.
  void describe_files(const std::vector<std::string>& paths,
                      const std::function<void(const DescriptionRecord&)>& use,
                      const SearchObserver& observer = {}) const;

  /// Changes whenever a record may change: models, options, and how images are decoded. 16 digits. Reads all
  /// weights.
  std::string fingerprint() const;

  /// The record of an image that is already encoded; for kiloword's own commands.
  DescriptionRecord describe(const EncodedImage& image, const SearchObserver& observer = {}) const;
  /// Those of several, computed together; for kiloword's own commands.
  std::vector<DescriptionRecord> describe(const std::vector<const EncodedImage*>& images) const;
  /// Whether images described together get the same records as each alone; for kiloword's own commands.
  bool describes_together() const;
  /// How to prepare its images; for kiloword's own commands.
  PrepareOptions prepare_options() const;

 private:
  friend class Engine;
  struct State;
  explicit Describer(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// Loaded models, with which it captions, describes and embeds. Copies share the models; all of it is
/// thread-safe. It prints nothing, and every failure is an Error.
class Engine {
 public:
  /// Loads the models. `observer` is notified of it, and later of label sets; it must outlive the engine and
  /// everything created from it. Throws Error(kModel).
  static Engine open(const EngineOptions& options, Observer& observer);
  static Engine open(const EngineOptions& options = {});

  /// A captioner with the label sets and options of `choices`; without names, the model's own sets. They are
  /// embedded or taken from the cache (`$XDG_CACHE_HOME/kiloword`), and kept as long as the engine lives.
  /// If embedding the model's own sets would take more than `patience_s` seconds, only `medium` and `people`
  /// are embedded, if they are among them; records name the others. Throws Error(kLabels), Error(kUsage).
  Captioner captioner(const StatementChoices& choices = {},
                      double patience_s = std::numeric_limits<double>::infinity()) const;
  /// Without a language model, the decoder of a CoCa model writes descriptions. Throws Error(kUsage) for
  /// options that are out of range or incompatible with the decoder, or if there is no decoder.
  Describer describer(const DescribeOptions& options = {}) const;

  /// D, the number of values of an embedding.
  int64_t embedding_dim() const;
  /// [1, D], unit length. Throws Error(kInput) for an unusable image.
  Embeddings embed_image_file(const std::string& path) const;
  Embeddings embed_image_bytes(std::string_view bytes) const;
  /// [number of texts, D], each of unit length. The observer is warned of texts truncated to the model's
  /// context.
  Embeddings embed_texts(const std::vector<std::string>& texts) const;

  /// The model's name in records.
  const std::string& model_name() const;
  /// Internals, without an installed header.
  EngineParts& parts() const { return *parts_; }

 private:
  explicit Engine(std::shared_ptr<EngineParts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<EngineParts> parts_;
};

}  // namespace kiloword
