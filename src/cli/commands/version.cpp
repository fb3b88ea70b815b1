#include "kiloword/base/version.h"

#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "cli/output/table.h"
#include "kiloword/image/codecs.h"

namespace kiloword::cli {

int run_version(const VersionArguments& /*arguments*/, Console& /*console*/) {
  write_line(std::string("kiloword ") + kVersion);
  std::vector<std::vector<std::string>> rows;
  for (const OptionalCodec& codec : optional_codecs())
    rows.push_back({codec.name, codec.state, codec.formats});
  write_table(rows);
  return 0;
}

}  // namespace kiloword::cli
