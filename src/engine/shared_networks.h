#pragma once

#include <memory>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword {

/// `encoder`, of which everything may be called from several threads at the same time: images go on as they
/// do, texts take turns call by call, and use_threads() waits for the calls that run.
std::unique_ptr<ImageTextEncoder> shared_encoder(std::unique_ptr<ImageTextEncoder> encoder);

/// `model`, of which everything may be called from several threads at the same time: they take turns call by
/// call. One session stays one thread's.
std::unique_ptr<LanguageModel> shared_language_model(std::unique_ptr<LanguageModel> model);

}  // namespace kiloword
