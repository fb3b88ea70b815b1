#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/encode_queue.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// An image and its embedding, or its error.
struct EncodedImage {
  PreparedImage image;                ///< its pixels are freed after encoding
  Embeddings embedding;               ///< [1, D]; empty on error, or if not requested
  Embeddings embedding_without_text;  ///< [1, D], of `image.pixels_without_text`; else empty
  /// [number of frames, D], for a video or an animation, whose `embedding` is their mean, of unit length.
  Embeddings frame_embeddings;
};

/// Embeds the images without an error in one call of `encoder`, and adds the time to their `ms`.
void encode(ImageTextEncoder& encoder, const std::vector<EncodedImage*>& images);
/// The same for images passed by value; returns them in order.
std::vector<EncodedImage> encode(ImageTextEncoder& encoder, std::vector<PreparedImage> images);

/// How the images of a run are decoded and encoded.
struct EncodeOptions {
  DecodeLimits limits;
  PrepareOptions prepare;
  EncodeQueueOptions queue;
};

/// Encodes every image that `next` returns and passes it to `use`, in order and on the calling thread. Throws
/// what `next`, `use` and the encoder throw.
void for_each_encoded_image(const std::function<std::optional<ImageInput>()>& next, ImageTextEncoder& encoder,
                            const EncodeOptions& options, const std::function<void(EncodedImage&&)>& use);

/// The same for the files `paths`.
void for_each_encoded_image(const std::vector<std::string>& paths, ImageTextEncoder& encoder,
                            const EncodeOptions& options, const std::function<void(EncodedImage&&)>& use);

}  // namespace kiloword
