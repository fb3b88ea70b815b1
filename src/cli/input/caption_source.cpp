#include "cli/input/caption_source.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/input/description_source.h"
#include "cli/input/open_engine.h"
#include "cli/remote/remote_inputs.h"
#include "cli/remote/request_fields.h"
#include "kiloword/base/thread_count.h"
#include "kiloword/pipeline/caption_pipeline.h"
#include "kiloword/pipeline/image_bytes.h"

namespace kiloword::cli {
namespace {

class OwnCaptions : public CaptionSource {
 public:
  OwnCaptions(const BatchArguments& arguments, Console& console)
      : arguments_(arguments),
        // Weights for groups of images make an image by itself as slow as a group.
        engine_(open_engine(arguments.model, arguments.input.limits, arguments.run.batch_size > 1, console)),
        captioner_(engine_.captioner(arguments.statements)) {}

  std::string run() const override { return captioner_.fingerprint(); }
  int workers() const override { return thread_count(arguments_.model.compute.threads); }
  size_t images_per_call() const override { return static_cast<size_t>(arguments_.run.batch_size); }

  Preparer preparer() const override {
    return image_preparer(engine_, arguments_.input.limits, captioner_.pipeline().prepare_options());
  }

  std::vector<CaptionedImage> captions(std::vector<PreparedImage> images) const override {
    std::vector<CaptionedImage> captioned;
    captioned.reserve(images.size());
    for (const CaptionRecord& record : captioner_.pipeline().captions(std::move(images))) {
      captioned.push_back({to_json(record), record.caption, record.error});
    }
    return captioned;
  }

 private:
  const BatchArguments& arguments_;
  Engine engine_;
  Captioner captioner_;
};

PreparedImage read_content(const BatchInput& input, const ReserveMemory& /*reserve*/) {
  PreparedImage image;
  image.path = input.path;
  image.error = input.error;
  if (image.error) return image;
  try {
    image.content = input.bytes ? *input.bytes : read_image_bytes(input.path);
  } catch (const Error& error) {
    image.error = error.at(input_name(input.path));
  }
  return image;
}

/// The server has threads of its own; these only wait for it.
class ServerCaptions : public CaptionSource {
 public:
  explicit ServerCaptions(const BatchArguments& arguments)
      : client_(make_client(arguments.server)), fields_(request_fields(arguments.statements)) {}

  std::string run() const override {
    const ServerAnswer answer = client_.get("/v1/run", fields_);
    const auto body = nlohmann::json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    if (answer.status != 200) throw_refusal(answer, client_.address());
    if (!body.is_object() || !body.contains("run") || !body["run"].is_string()) {
      throw Error(ErrorKind::kModel, "the server's response names no run", client_.address(),
                  "check the address");
    }
    return body["run"].get<std::string>();
  }

  int workers() const override { return 8; }
  size_t images_per_call() const override { return 1; }
  Preparer preparer() const override { return read_content; }

  std::vector<CaptionedImage> captions(std::vector<PreparedImage> images) const override {
    std::vector<CaptionedImage> captioned;
    captioned.reserve(images.size());
    for (const PreparedImage& image : images) captioned.push_back(caption(image));
    return captioned;
  }

 private:
  CaptionedImage caption(const PreparedImage& image) const {
    if (image.error) return {error_json(image.path, *image.error), "", image.error};
    const RemoteResult result =
        result_of(client_.post("/v1/caption", fields_, image.content), image.path, client_.address());
    if (result.error) return {result.record, "", result.error};
    const auto record = nlohmann::json::parse(result.record);
    if (!record.contains("caption") || !record["caption"].is_string()) {
      throw Error(ErrorKind::kModel, "the server's response has no caption", client_.address(),
                  "check the address");
    }
    return {result.record, record["caption"].get<std::string>(), std::nullopt};
  }

  ServerClient client_;
  RequestFields fields_;
};

}  // namespace

Preparer image_preparer(const Engine& engine, const DecodeLimits& limits, const PrepareOptions& prepare) {
  return [spec = engine.parts().encoder().preprocess(), limits, prepare](const BatchInput& input,
                                                                         const ReserveMemory& reserve) {
    return prepare_input(input, spec, limits, prepare, reserve);
  };
}

std::unique_ptr<CaptionSource> make_caption_source(const BatchArguments& arguments, Console& console) {
  if (!arguments.server.empty()) return std::make_unique<ServerCaptions>(arguments);
  if (arguments.describe) return make_description_source(arguments, console);
  return std::make_unique<OwnCaptions>(arguments, console);
}

}  // namespace kiloword::cli
