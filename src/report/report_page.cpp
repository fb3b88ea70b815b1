#include "kiloword/report/report_page.h"

#include <algorithm>
#include <deque>
#include <future>
#include <utility>

#include "kiloword/base/base64.h"
#include "kiloword/base/output_target.h"
#include "kiloword/report/thumbnails.h"
#include "report/embedded_text.h"
#include "report/page_content.h"  // made from the files of page/ by cmake/EmbedFiles.cmake
#include "report/page_json.h"

namespace kiloword {
namespace {

/// Rows in one script element of the page. Its thumbnails are in another, which is read when one of them is
/// seen for the first time.
constexpr size_t kRowsPerBlock = 32;

/// The page around the rows: what comes before them, and what comes behind.
std::pair<std::string, std::string> page_frame() {
  std::string page = text_of(kIndexHtml);
  const std::vector<std::pair<std::string, std::string>> parts{
      {"@style_hash@", base64(text_of(kStyleCssSha256))},
      {"@script_hash@", base64(text_of(kAppJsSha256))},
      {"@style@", text_of(kStyleCss)},
      {"@script@", text_of(kAppJs)},
  };
  for (const auto& [name, part] : parts) page.replace(page.find(name), name.size(), part);
  const std::string rows = "@rows@\n";
  const size_t at = page.find(rows);
  return {page.substr(0, at), page.substr(at + rows.size())};
}

std::string data_element(const std::string& attribute, const std::string& json) {
  return "<script type=\"application/json\" " + attribute + ">" + json + "</script>\n";
}

/// Gathers rows and writes them a block at a time.
class BlockWriter {
 public:
  BlockWriter(const std::function<void(std::string_view)>& write, bool thumbnails)
      : write_(write), thumbnails_(thumbnails) {}

  void add(const std::string& row, const std::string& thumbnail) {
    row_list_ += (count_ > 0 ? ",\n" : "") + row;
    thumbnail_list_ += (count_ > 0 ? ",\"" : "\"") + thumbnail + "\"";
    if (++count_ == kRowsPerBlock) flush();
  }

  void flush() {
    if (count_ == 0) return;
    write_(data_element("data-rows", "[" + row_list_ + "]"));
    if (thumbnails_) write_(data_element("data-thumbnails", "[" + thumbnail_list_ + "]"));
    row_list_.clear();
    thumbnail_list_.clear();
    count_ = 0;
  }

 private:
  const std::function<void(std::string_view)>& write_;
  bool thumbnails_;
  std::string row_list_;
  std::string thumbnail_list_;
  size_t count_ = 0;
};

/// A row whose thumbnail is being made; without one where there can be none.
struct WaitingRow {
  ReportRow row;
  std::future<std::string> thumbnail;  // of std::async: it waits for its task when it goes
};

WaitingRow begin(ReportRow row, const ReportOptions& options, ArchiveMembers& members) {
  WaitingRow waiting{std::move(row), {}};
  const std::string& path = waiting.row.path;
  refuse_input_as_output(options.output, {path, path.substr(0, path.find('!'))});
  // What failed once may hang now: it is not looked at again.
  if (waiting.row.error || options.thumbnail_px == 0) return waiting;
  if (auto source = find_thumbnail_source(waiting.row.path, members)) {
    waiting.thumbnail = std::async(std::launch::async, thumbnail_base64, *std::move(source),
                                   options.thumbnail_px, options.limits);
  }
  return waiting;
}

}  // namespace

void ReportSummary::add(const ReportRow& row) {
  ++images;
  if (row.error) {
    ++errors[std::string(error_kind_name(row.error->kind()))];
    return;
  }
  if (row.cosine) {
    ++described;
    return;
  }
  bool silent_row = true;
  std::map<std::string, bool> said_of;  // a set may have several statements
  for (const StatementRecord& statement : row.statements) {
    said_of[statement.set] |= statement.said;
    silent_row = silent_row && !statement.said;
  }
  if (silent_row) ++silent;
  for (const auto& [set, said] : said_of) {
    ++sets[set].images;
    if (said) ++sets[set].said;
  }
}

uint64_t ReportSummary::failed() const {
  uint64_t sum = 0;
  for (const auto& [kind, count] : errors) sum += count;
  return sum;
}

std::optional<ReportSummary> write_report(RowReader& rows, const ReportOptions& options,
                                          const std::function<void(std::string_view)>& write) {
  const auto [head, tail] = page_frame();
  write(head);
  ReportSummary summary;
  BlockWriter blocks(write, options.thumbnail_px > 0);
  ArchiveMembers members;
  std::deque<WaitingRow> ahead;
  const size_t window = static_cast<size_t>(std::max(options.threads, 1)) + 1;  // the first is waited for
  for (bool ended = false; !ended || !ahead.empty();) {
    if (options.stop && options.stop()) return std::nullopt;
    while (!ended && ahead.size() < window) {
      std::optional<ReportRow> row = rows.next();
      ended = !row;
      if (row) ahead.push_back(begin(*std::move(row), options, members));
    }
    if (ahead.empty()) break;
    WaitingRow first = std::move(ahead.front());
    ahead.pop_front();
    const std::string thumbnail = first.thumbnail.valid() ? first.thumbnail.get() : "";
    summary.add(first.row);
    const bool wanted = options.thumbnail_px > 0 && !first.row.error;
    if (wanted && thumbnail.empty()) ++summary.without_thumbnail;
    blocks.add(row_json(first.row), thumbnail);
    if (options.progress) options.progress(summary.images);
  }
  blocks.flush();
  write(data_element("id=\"summary\"", summary_json(summary, options)));
  write(tail);
  return summary;
}

}  // namespace kiloword
