#include "kiloword/report/row_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "kiloword/base/file.h"

namespace kiloword {
namespace {

/// A record of `describe` with a thousand tokens has a tenth of it.
constexpr size_t kMaxRowBytes = 1 << 20;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

RowReader::RowReader(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    const bool standard = file == "-";
    Descriptor descriptor(standard ? ::dup(STDIN_FILENO) : ::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) throw Error(ErrorKind::kInput, errno_message(errno), file);
    sources_.push_back({standard ? "standard input" : file, std::move(descriptor)});
  }
}

bool RowReader::fill() {
  buffer_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  std::array<char, 1 << 16> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  for (;;) {
    const ssize_t count = ::read(sources_[source_].file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      throw Error(ErrorKind::kInput, "cannot read: " + errno_message(errno), sources_[source_].name);
    }
    buffer_.append(block.data(), static_cast<size_t>(count));
    return count > 0;
  }
}

void RowReader::pass_over(const std::string& reason) {
  if (found_.lines++ > 0) return;
  found_.first_line = line_;
  found_.first_reason = reason;
}

std::optional<ReportRow> RowReader::read_line(std::string_view line) {
  ++line_;
  if (std::exchange(too_long_, false) || line.size() > kMaxRowBytes) {
    pass_over("longer than " + std::to_string(kMaxRowBytes) + " bytes");
  } else if (!is_blank(line)) {
    try {
      ReportRow row = parse_report_row(line);
      ++rows_;
      return row;
    } catch (const Error& error) {
      pass_over(error.message());
    }
  }
  return std::nullopt;
}

/// What follows the last end of line, and the end of the file.
std::optional<ReportRow> RowReader::read_end() {
  const std::string line = std::exchange(buffer_, {});
  const uint64_t before = found_.lines;
  std::optional<ReportRow> row;
  if (!line.empty() || too_long_) row = read_line(std::string_view(line).substr(begin_));
  found_.torn_end = found_.lines > before;
  if (found_.torn_end) --found_.lines;
  if (rows_ == 0 && found_.lines > 0) {
    throw Error(
        ErrorKind::kInput,
        "holds no records; its line " + std::to_string(found_.first_line) + " is " + found_.first_reason,
        sources_[source_].name, "give what batch, or caption and describe with --format json, write");
  }
  found_.file = sources_[source_].name;
  if (found_.lines > 0 || found_.torn_end) skipped_.push_back(std::move(found_));
  sources_[source_++].file.close();
  found_ = {};
  begin_ = searched_ = line_ = rows_ = 0;
  return row;
}

std::optional<ReportRow> RowReader::next() {
  while (source_ < sources_.size()) {
    const size_t end = buffer_.find('\n', searched_);
    std::optional<ReportRow> row;
    if (end != std::string::npos) {
      const size_t begin = std::exchange(begin_, end + 1);
      searched_ = begin_;
      row = read_line(std::string_view(buffer_).substr(begin, end - begin));
    } else {
      searched_ = buffer_.size();
      if (buffer_.size() - begin_ > kMaxRowBytes) {  // what nobody will read need not be kept
        too_long_ = true;
        begin_ = buffer_.size();
      }
      if (!fill()) row = read_end();
    }
    if (row) return row;
  }
  return std::nullopt;
}

}  // namespace kiloword
