#pragma once

#include <filesystem>

#include "kiloword/base/observer.h"
#include "kiloword/decision/calibration_file.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/models/model_store.h"
#include "kiloword/scoring/label_bank.h"

namespace kiloword {

/// Gives every set of `bank` the calibration that fits it, if `rule` asks for it: the user's own
/// (`XDG_DATA_HOME/kiloword/calibration/KEY.json`), else the model's (`MODEL/calibration/SET.json`). One made
/// for other labels, another logit scale or another network does not apply, which is a detail; a broken one
/// is warned of.
void apply_calibrations(LabelBank& bank, const ModelEntry& model, const ImageTextEncoder& encoder,
                        RankRule rule, Observer& observer);

/// Where a new calibration of `set` belongs: beside the model, or in the user's data folder when the model is
/// a bundled one, is shared through the Hugging Face cache, or cannot be written to. Throws Error(kOutput)
/// when there is no data folder either.
std::filesystem::path calibration_destination(const ModelEntry& model, const EmbeddedLabelSet& set);

}  // namespace kiloword
