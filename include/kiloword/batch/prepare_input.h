#pragma once

#include "kiloword/batch/input_lister.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// prepare_image() of a listed input: a file, an archive's member whose bytes came along, or the error that
/// listing it gave.
PreparedImage prepare_input(const BatchInput& input, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const Preparation& preparation = {});

}  // namespace kiloword
