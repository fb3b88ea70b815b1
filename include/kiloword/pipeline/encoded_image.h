#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/encode_queue.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// An image with its embedding, or with its error.
struct EncodedImage {
  PreparedImage image;                ///< its pixels are freed once they are encoded
  Embeddings embedding;               ///< [1, D]; empty with an error, or if not requested
  Embeddings embedding_without_text;  ///< [1, D], of `image.pixels_without_text`; empty where there are none
  /// [number of frames, D], of a video or an animation; its `embedding` is their mean, of unit length.
  Embeddings frame_embeddings;
};

/// Embeds those of `images` that have no error, with one call of `encoder`; the time is in their `ms`.
void encode(ImageTextEncoder& encoder, const std::vector<EncodedImage*>& images);
/// The same of images that are handed over, in their order.
std::vector<EncodedImage> encode(ImageTextEncoder& encoder, std::vector<PreparedImage> images);

/// How the images of a run are decoded and encoded.
struct EncodeOptions {
  DecodeLimits limits;
  PrepareOptions prepare;
  EncodeQueueOptions queue;
};

/// Hands every image that `next` gives to `use`, encoded, on the calling thread and in order. Throws what
/// `next`, `use` and the encoder throw.
void for_each_encoded_image(const std::function<std::optional<ImageInput>()>& next, ImageTextEncoder& encoder,
                            const EncodeOptions& options, const std::function<void(EncodedImage&&)>& use);

/// The same for the files `paths`.
void for_each_encoded_image(const std::vector<std::string>& paths, ImageTextEncoder& encoder,
                            const EncodeOptions& options, const std::function<void(EncodedImage&&)>& use);

}  // namespace kiloword
