#pragma once

#include "kiloword/base/option_field.h"
#include "kiloword/pipeline/statement_choices.h"

namespace kiloword {

/// The options of captions.
const OptionTable<StatementChoices>& caption_options();

/// The options of text recognition; a server sets them, requests cannot.
const OptionTable<StatementChoices>& reading_options();

/// The options that choose frames of videos and animations; a server has none of them.
const OptionTable<StatementChoices>& frame_options();

}  // namespace kiloword
