#include "engine/run_fingerprint.h"

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {

std::string files_fingerprint(const ModelEntry& model) {
  Fingerprint fingerprint;
  for (const ModelFile& file : model.files) {
    fingerprint.add(file.name);
    if (file.size_bytes == 0) continue;
    const bool is_file = !std::filesystem::is_directory(model.folder);
    fingerprint.add(MappedFile(is_file ? model.folder : model.folder / file.name, ErrorKind::kModel).bytes());
  }
  return fingerprint.hex();
}

}  // namespace kiloword
