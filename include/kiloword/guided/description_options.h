#pragma once

#include "kiloword/base/option_field.h"
#include "kiloword/guided/options.h"
#include "kiloword/guided/rule_options.h"

namespace kiloword {

/// The options of the description search.
const OptionTable<GuidedChoices>& search_options();

/// The options for required and forbidden phrases.
const OptionTable<OutputRuleOptions>& rule_options();

}  // namespace kiloword
