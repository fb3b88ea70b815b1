#pragma once

#include "kiloword/base/option_field.h"
#include "kiloword/guided/options.h"
#include "kiloword/guided/rule_options.h"

namespace kiloword {

/// The options of the search for a description.
const OptionTable<GuidedChoices>& search_options();

/// The options for phrases that a description must and must not hold.
const OptionTable<OutputRuleOptions>& rule_options();

}  // namespace kiloword
