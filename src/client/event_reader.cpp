#include "kiloword/client/event_reader.h"

namespace kiloword {
namespace {

constexpr std::string_view kEvent = "event: ";
constexpr std::string_view kData = "data: ";

}  // namespace

void EventReader::read(std::string_view piece) {
  for (size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
    line_ += piece.substr(0, end);
    take_line(line_);
    line_.clear();
    piece.remove_prefix(end + 1);
  }
  line_ += piece;
}

void EventReader::take_line(std::string_view line) {
  if (line.empty()) {
    receive_(event_, data_);
    event_.clear();
    data_.clear();
  } else if (line.substr(0, kEvent.size()) == kEvent) {
    event_ = line.substr(kEvent.size());
  } else if (line.substr(0, kData.size()) == kData) {
    data_ = line.substr(kData.size());
  }
}

}  // namespace kiloword
