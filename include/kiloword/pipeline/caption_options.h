#pragma once

#include "kiloword/base/option_field.h"
#include "kiloword/pipeline/statement_choices.h"

namespace kiloword {

/// The options of a caption.
const OptionTable<StatementChoices>& caption_options();

}  // namespace kiloword
