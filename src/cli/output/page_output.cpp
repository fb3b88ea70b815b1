#include "cli/output/page_output.h"

#include "cli/output/output.h"
#include "kiloword/base/output_target.h"

namespace kiloword::cli {

PageOutput::PageOutput(const std::string& output, bool overwrite) {
  if (output == "-") return;
  if (!overwrite) refuse_existing_output(output);
  file_.emplace(output);
}

void PageOutput::write(std::string_view bytes) {
  if (file_) {
    file_->write(bytes);
  } else {
    write_text(bytes);
  }
}

void PageOutput::finish() {
  if (file_) file_->commit();
}

}  // namespace kiloword::cli
