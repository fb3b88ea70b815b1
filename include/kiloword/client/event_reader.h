#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace kiloword {

/// Parses a stream of server-sent events (WHATWG HTML, section 9.2), limited to what kiloword's server sends:
/// lines `event: NAME` and `data: TEXT`, and an empty line after each event.
class EventReader {
 public:
  using Receiver = std::function<void(const std::string& event, const std::string& data)>;

  explicit EventReader(Receiver receive) : receive_(std::move(receive)) {}

  /// Parses the next bytes of the stream, which may be split anywhere.
  void read(std::string_view piece);

 private:
  void take_line(std::string_view line);

  Receiver receive_;
  std::string line_;
  std::string event_;
  std::string data_;
};

}  // namespace kiloword
