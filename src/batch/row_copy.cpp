#include "batch/row_copy.h"

#include <unistd.h>

#include <cerrno>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

constexpr size_t kWriteBytes = 1 << 20;

std::string read_row(int fd, const RowMove& move, const std::string& name) {
  std::string row(move.place.length, '\0');
  size_t done = 0;
  while (done < row.size()) {
    const ssize_t count =
        ::pread(fd, row.data() + done, row.size() - done, static_cast<off_t>(move.place.offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      throw Error(ErrorKind::kOutput, "cannot read: " + (count < 0 ? errno_message(errno) : "it has shrunk"),
                  name);
    }
    done += static_cast<size_t>(count);
  }
  return row;
}

}  // namespace

void copy_rows(const std::vector<RowMove>& moves, const std::function<int(size_t file)>& open,
               const std::string& name, const std::function<void(std::string_view)>& write) {
  std::string rows;
  for (const RowMove& move : moves) {
    std::string row = read_row(open(move.file), move, name);
    if (move.whole && move.place.marked) row = without_shard(row);
    if (!move.whole && move.listed_file != move.place.listed_file)
      row = with_listed_file(row, move.listed_file);
    rows += move.index == move.place.index ? row : with_index(row, move.index);
    rows += '\n';
    if (rows.size() < kWriteBytes) continue;
    write(rows);
    rows.clear();
  }
  if (!rows.empty()) write(rows);
}

}  // namespace kiloword
