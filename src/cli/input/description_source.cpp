#include "cli/input/description_source.h"

#include <utility>

#include "cli/input/describe_options.h"
#include "cli/input/open_engine.h"
#include "kiloword/base/hash.h"
#include "kiloword/base/thread_count.h"
#include "kiloword/pipeline/caption_pipeline.h"
#include "kiloword/pipeline/encoded_image.h"

namespace kiloword::cli {
namespace {

/// Each worker describes images of its own, several together, on one core.
class OwnDescriptions : public CaptionSource {
 public:
  OwnDescriptions(const BatchArguments& arguments, Console& console)
      : arguments_(arguments),
        options_(describe_options(arguments.description)),
        engine_(open_engine(arguments.model, arguments.input.limits, /*many_images=*/true, console,
                            language_model_of(arguments.description))),
        describer_(open_describer(engine_, options_, arguments.description, console)) {
    if (arguments.caption) captioner_.emplace(engine_.captioner(arguments.statements));
  }

  std::string run() const override {
    Fingerprint run;
    run.add(describer_.fingerprint());
    if (captioner_) run.add(captioner_->fingerprint());
    return run.hex().substr(0, 16);
  }
  int workers() const override { return thread_count(arguments_.model.compute.threads); }
  size_t images_per_call() const override {
    return describer_.describes_together() ? static_cast<size_t>(arguments_.run.batch_size) : 1;
  }

  Preparer preparer() const override {
    PrepareOptions prepare = captioner_ ? captioner_->pipeline().prepare_options() : PrepareOptions();
    prepare.also_for = describer_.prepare_options().also_for;
    return image_preparer(engine_, arguments_.input.limits, prepare);
  }

  std::vector<CaptionedImage> captions(std::vector<PreparedImage> images) const override {
    const std::vector<EncodedImage> encoded = encode(engine_.parts().encoder(), std::move(images));
    std::vector<const EncodedImage*> to_describe;
    to_describe.reserve(encoded.size());
    for (const EncodedImage& image : encoded) to_describe.push_back(&image);
    const std::vector<DescriptionRecord> records = describer_.describe(to_describe);
    std::vector<CaptionedImage> described;
    described.reserve(records.size());
    for (size_t i = 0; i < records.size(); ++i) described.push_back(with_caption(records[i], encoded[i]));
    return described;
  }

 private:
  CaptionedImage with_caption(const DescriptionRecord& record, const EncodedImage& encoded) const {
    if (record.error || !captioner_) return {to_json(record), record.caption, record.error};
    const CaptionRecord caption = captioner_->pipeline().caption(encoded);
    return {to_json(record, caption), record.caption, caption.error};
  }

  const BatchArguments& arguments_;
  DescribeOptions options_;
  Engine engine_;
  Describer describer_;
  std::optional<Captioner> captioner_;
};

}  // namespace

std::unique_ptr<CaptionSource> make_description_source(const BatchArguments& arguments, Console& console) {
  return std::make_unique<OwnDescriptions>(arguments, console);
}

}  // namespace kiloword::cli
