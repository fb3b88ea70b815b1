// Rows of a report: whatever a line holds, its row has no markup in the page.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/report/report_row.h"
#include "report/page_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  try {
    const std::string row = kiloword::row_json(kiloword::parse_report_row(line));
    if (row.find_first_of("<>&\n") != std::string::npos) __builtin_trap();
  } catch (const kiloword::Error& error) {
    if (error.kind() != kiloword::ErrorKind::kInput) __builtin_trap();
  }
  return 0;
}
