#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace kiloword::testing {

/// Writes an archive whose kind its ending names, with regular files of the time 1700000000.
inline void write_archive(const std::string& path,
                          const std::vector<std::pair<std::string, std::string>>& members) {
  archive* writer = ::archive_write_new();
  const auto named = [&](const char* ending) { return path.find(ending) != std::string::npos; };
  if (named(".zip")) {
    ::archive_write_set_format_zip(writer);
  } else {
    ::archive_write_set_format_pax_restricted(writer);
  }
  if (named(".gz")) ::archive_write_add_filter_gzip(writer);
  if (named(".bz2")) ::archive_write_add_filter_bzip2(writer);
  if (named(".xz")) ::archive_write_add_filter_xz(writer);
  if (named(".zst")) ::archive_write_add_filter_zstd(writer);
  bool good = ::archive_write_open_filename(writer, path.c_str()) == ARCHIVE_OK;
  for (const auto& [name, content] : members) {
    archive_entry* entry = ::archive_entry_new();
    ::archive_entry_set_pathname_utf8(entry, name.c_str());
    ::archive_entry_copy_pathname(entry, name.c_str());
    ::archive_entry_set_filetype(entry, AE_IFREG);
    ::archive_entry_set_perm(entry, 0644);
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    ::archive_entry_set_mtime(entry, 1700000000, 0);
    good = good && ::archive_write_header(writer, entry) >= ARCHIVE_WARN;
    good = good && ::archive_write_data(writer, content.data(), content.size()) ==
                       static_cast<la_ssize_t>(content.size());
    ::archive_entry_free(entry);
  }
  good = ::archive_write_close(writer) == ARCHIVE_OK && good;
  ::archive_write_free(writer);
  if (!good) throw std::runtime_error("cannot write " + path);
}

}  // namespace kiloword::testing
