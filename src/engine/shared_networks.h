#pragma once

#include <memory>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword {

/// `encoder`, of which everything may be called from several threads at the same time: images go on as they
/// do, texts too or, `in_turns`, call by call, and use_threads() waits for the calls that run. Turns are for
/// networks whose calls have several cores each: calls of one core do not wait for each other.
std::unique_ptr<ImageTextEncoder> shared_encoder(std::unique_ptr<ImageTextEncoder> encoder,
                                                 bool in_turns = true);

/// `model`, of which everything may be called from several threads at the same time, likewise. One session
/// stays one thread's.
std::unique_ptr<LanguageModel> shared_language_model(std::unique_ptr<LanguageModel> model,
                                                     bool in_turns = true);

}  // namespace kiloword
