#pragma once

#include <string>

#include "cli/speed_record.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword::cli {

/// Times `encoder` for about six seconds: images one by one, several at a time, and label texts. A model that
/// takes longer than that for one call is timed by one call of each.
SpeedRecord time_encoder(ImageTextEncoder& encoder, const std::string& conditions);

/// Times `model` for about two seconds: the tokens of one text, one after another.
SpeedRecord time_language_model(LanguageModel& model, const std::string& conditions);

}  // namespace kiloword::cli
