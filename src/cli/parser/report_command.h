#pragma once

#include "cli/parser/parser_builder.h"

namespace kiloword::cli {

/// Adds the command report.
void add_report_command(ParserBuilder& builder);

}  // namespace kiloword::cli
