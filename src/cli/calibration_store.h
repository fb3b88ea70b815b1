#pragma once

#include <filesystem>

#include "cli/console.h"
#include "cli/session.h"
#include "kiloword/labels/calibration_file.h"

namespace kiloword::cli {

/// Gives every set of `bank` the calibration that fits it, if `rule` asks for it: the user's own
/// (`XDG_DATA_HOME/kiloword/calibration/KEY.json`), else the model's (`MODEL/calibration/SET.json`). One made
/// for other labels or another model does not apply, which -v tells; a broken one is warned of.
void apply_calibrations(LabelBank& bank, const LoadedModel& model, RankRule rule, Console& console);

/// Where a new calibration of `set` belongs: beside the model, or in the user's data folder when the model is
/// a bundled one, is shared through the Hugging Face cache, or cannot be written to. Throws Error(kOutput)
/// when there is no data folder either.
std::filesystem::path calibration_destination(const ModelEntry& model, const EmbeddedLabelSet& set);

}  // namespace kiloword::cli
