#pragma once

#include "kiloword/base/option_field.h"
#include "kiloword/pipeline/statement_choices.h"

namespace kiloword {

/// The options of a caption.
const OptionTable<StatementChoices>& caption_options();

/// The options of reading words, which are a server's own and no request's.
const OptionTable<StatementChoices>& reading_options();

/// Which frames of videos and animations are looked at, which a server has none of.
const OptionTable<StatementChoices>& frame_options();

}  // namespace kiloword
