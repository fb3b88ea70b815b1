#pragma once

#include <string>
#include <string_view>

#include "kiloword/report/report_page.h"
#include "kiloword/report/report_row.h"

namespace kiloword {

// JSON for the page's script (page/app.js), safe inside a script element: see inside_script().

/// One row. Results of a set (`labels`, `reason`) are part of its statement.
std::string row_json(const ReportRow& row);
std::string summary_json(const ReportSummary& summary, const ReportOptions& options);

/// The JSON text `json`, valid UTF-8, with `<`, `>`, `&` and the separators U+2028 and U+2029, which occur
/// only in strings, escaped, so that an HTML parser finds no end of a script element and no comment in it.
std::string inside_script(std::string_view json);

}  // namespace kiloword
