#pragma once

#include <filesystem>

#include "kiloword/base/observer.h"
#include "kiloword/decision/calibration_file.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/models/model_store.h"
#include "kiloword/scoring/label_bank.h"

namespace kiloword {

/// Sets the calibration of every set of `bank`, if `rule` uses calibrations: the user's own
/// (`XDG_DATA_HOME/kiloword/calibration/KEY.json`), else the model's (`MODEL/calibration/SET.json`). A
/// calibration for other labels, another logit scale or another network is ignored, which is reported as a
/// detail; a corrupt one is reported as a warning.
void apply_calibrations(LabelBank& bank, const ModelEntry& model, const ImageTextEncoder& encoder,
                        RankRule rule, Observer& observer);

/// Where a new calibration of `set` belongs: beside the model, or in the user's data folder when the model is
/// a bundled one, is shared through the Hugging Face cache, or cannot be written to. Throws Error(kOutput)
/// when there is no data folder either.
std::filesystem::path calibration_destination(const ModelEntry& model, const EmbeddedLabelSet& set);

}  // namespace kiloword
