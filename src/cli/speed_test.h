#pragma once

#include <string>

#include "cli/speed_record.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword::cli {

/// Benchmarks `encoder` for about six seconds: single images, batches, and label texts. If a first call takes
/// longer than its two seconds, only that call is timed, and batches are skipped for slow models.
SpeedRecord time_encoder(ImageTextEncoder& encoder, const std::string& conditions);

/// Benchmarks `model` for about two seconds: the tokens of one text, one after another.
SpeedRecord time_language_model(LanguageModel& model, const std::string& conditions);

}  // namespace kiloword::cli
