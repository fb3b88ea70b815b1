#pragma once

#include <string>
#include <string_view>

#include "kiloword/report/report_page.h"
#include "kiloword/report/report_row.h"

namespace kiloword {

// JSON for the page's script, which knows these fields (page/app.js). It may stand inside a script element:
// see inside_script().

/// One row. What a set found (`labels`, `reason`) stands in its statement.
std::string row_json(const ReportRow& row);
std::string summary_json(const ReportSummary& summary, const ReportOptions& options);

/// The JSON text `json`, valid UTF-8, with `<`, `>`, `&` and the separators U+2028 and U+2029, which stand in
/// strings only, written as escapes: no HTML parser sees the end of a script element or a comment in it.
std::string inside_script(std::string_view json);

}  // namespace kiloword
