#include "kiloword/batch/sidecar.h"

#include <sys/stat.h>

#include "kiloword/base/atomic_file.h"
#include "kiloword/base/error.h"

namespace kiloword {

std::string sidecar_path(const std::string& image) {
  return image + ".txt";
}

bool write_sidecar(const std::string& path, const std::string& text, bool overwrite) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) {
      throw Error(ErrorKind::kOutput, "cannot write: something that is no file has this name", path,
                  "move it away, or write records with -o");
    }
    if (!overwrite) return false;
  }
  AtomicFile file(path, AtomicFile::Links::kIgnore);
  file.write(text);
  if (!overwrite) return file.commit_new();
  file.commit();
  return true;
}

}  // namespace kiloword
