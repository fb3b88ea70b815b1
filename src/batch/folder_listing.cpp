#include "batch/folder_listing.h"

#include "batch/archive_reader.h"

namespace kiloword {

std::string with_slash(std::string path) {
  if (path.empty() || path.back() != '/') path += '/';
  return path;
}

bool wants_file(const NameFilter& filter, const std::string& relative, LeftOutFiles& left_out) {
  if (filter.accepts_file(relative)) return true;
  if (!filter.accepts_folder(relative)) return false;
  if (ArchiveReader::is_archive_name(relative)) return true;
  if (filter.include.empty()) left_out.add(relative);
  return false;
}

}  // namespace kiloword
