#include "cli/output/watch.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/output/output.h"
#include "kiloword/base/utf8.h"
#include "kiloword/pipeline/sentence.h"

namespace kiloword::cli {
namespace {

constexpr size_t kBarColumns = 12;

size_t code_points(const std::string& text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i += decode_utf8(text, i).length) ++count;
  return count;
}

/// The last `columns` code points of `text`, the first of them an ellipsis if any are left out.
std::string end_of(const std::string& text, size_t columns) {
  size_t surplus = code_points(text);
  if (surplus <= columns) return text;
  surplus -= columns - 1;
  size_t begin = 0;
  for (; surplus > 0; --surplus) begin += decode_utf8(text, begin).length;
  return "\xe2\x80\xa6" + text.substr(begin);
}

/// A bar from cosine 0 to 0.5 in eighths of a column.
std::string bar(double cosine) {
  const double filled = std::clamp(cosine / 0.5, 0.0, 1.0) * kBarColumns * 8;
  const auto eighths = static_cast<size_t>(std::lround(filled));
  std::string text;
  for (size_t i = 0; i < eighths / 8; ++i) text += "\xe2\x96\x88";
  if (eighths % 8 > 0) append_utf8(text, static_cast<char32_t>(0x2590 - eighths % 8));
  const size_t used = eighths / 8 + (eighths % 8 > 0 ? 1 : 0);
  return text + std::string(kBarColumns - used, ' ');
}

}  // namespace

std::vector<std::string> watch_lines(const SearchView& view, size_t columns) {
  std::vector<std::string> lines{end_of(neutralize(view.text), columns)};
  for (const ViewedCandidate& candidate : view.candidates) {
    char numbers[64];  // NOLINT(modernize-avoid-c-arrays): snprintf's
    std::snprintf(numbers, sizeof numbers, "  log p %7.3f  cosine %6.3f ", candidate.logprob,
                  candidate.cosine);
    const std::string head = numbers + bar(candidate.cosine) + "  ";
    const size_t used = code_points(head);
    lines.push_back(head + (used + 8 < columns ? end_of(neutralize(candidate.text), columns - used) : ""));
  }
  return lines;
}

std::string support_line(const DescriptionRecord& record) {
  if (record.error || record.source == DescriptionSource::kSearch) return "";
  std::string line;
  for (const WordEvidence& word : record.words) {
    char number[16];  // NOLINT(modernize-avoid-c-arrays): snprintf's
    std::snprintf(number, sizeof number, " %.2f", word.support);
    line += (line.empty() ? "support: " : ", ") + word.word + number;
  }
  return line.empty() ? "support: of no word; these are the label sets' statements" : line;
}

Watch::Watch() : in_place_(::isatty(STDERR_FILENO) == 1) {}

void Watch::show(const SearchView& view) {
  const std::vector<std::string> lines = watch_lines(view, terminal_columns() - 1);
  clear();
  for (const std::string& line : lines) print_diagnostic(line);
  if (in_place_) lines_shown_ = lines.size();
}

void Watch::clear() {
  if (lines_shown_ > 0) print_unended("\x1b[" + std::to_string(lines_shown_) + "A\x1b[J");
  lines_shown_ = 0;
}

}  // namespace kiloword::cli
