#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace kiloword {

/// Takes a stream of server-sent events (WHATWG HTML, section 9.2) apart, as far as this project's servers
/// send them: lines `event: NAME` and `data: TEXT`, an empty line after each event.
class EventReader {
 public:
  using Receiver = std::function<void(const std::string& event, const std::string& data)>;

  explicit EventReader(Receiver receive) : receive_(std::move(receive)) {}

  /// The next bytes of the stream, cut anywhere.
  void read(std::string_view piece);

 private:
  void take_line(std::string_view line);

  Receiver receive_;
  std::string line_;
  std::string event_;
  std::string data_;
};

}  // namespace kiloword
