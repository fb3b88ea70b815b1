#pragma once

#include <memory>

#include "clip/caption_decoder.h"
#include "clip/clip_encoder.h"
#include "kiloword/model/description_model.h"

namespace kiloword {

/// Generates texts with CoCa's caption decoder, from the rows of its text tower.
class CocaWriter : public DescriptionModel {
 public:
  /// Loads the decoder from `parts.weights`; `parts`, with a `config.decoder`, must outlive it.
  explicit CocaWriter(const ClipParts& parts);

  const Tokenizer& tokenizer() const override { return *parts_.tokenizer; }
  int64_t vocab_size() const override { return parts_.tokenizer->vocab_size(); }
  int32_t start_id() const override { return parts_.framing.start_id; }
  int32_t end_id() const override { return parts_.framing.end_id; }
  int64_t context_length() const override { return parts_.config.text.context_length; }
  std::unique_ptr<DescriptionSession> start(const float* image) override;

 private:
  class Session;

  const ClipParts& parts_;
  std::unique_ptr<CaptionDecoder> decoder_;
};

}  // namespace kiloword
