#pragma once

#include <memory>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword {

/// A thread-safe wrapper of `encoder`. Calls for images run concurrently, as do calls for texts unless
/// `in_turns` serialises them; use_threads() waits for running calls. Turns are for networks whose calls use
/// several cores each; single-core calls do not need them.
std::unique_ptr<ImageTextEncoder> shared_encoder(std::unique_ptr<ImageTextEncoder> encoder,
                                                 bool in_turns = true);

/// The same for `model`. Each session must stay on one thread.
std::unique_ptr<LanguageModel> shared_language_model(std::unique_ptr<LanguageModel> model,
                                                     bool in_turns = true);

}  // namespace kiloword
