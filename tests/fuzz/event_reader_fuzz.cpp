// Streams of server-sent events. The first byte says in pieces of how many bytes they come.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiloword/client/event_reader.h"

namespace {

using Events = std::vector<std::pair<std::string, std::string>>;

Events read_in_pieces(std::string_view stream, size_t piece_bytes) {
  Events events;
  kiloword::EventReader reader(
      [&](const std::string& event, const std::string& data) { events.emplace_back(event, data); });
  for (; !stream.empty(); stream.remove_prefix(std::min(piece_bytes, stream.size()))) {
    reader.read(stream.substr(0, piece_bytes));
  }
  return events;
}

}  // namespace

/// Whatever the bytes: the same events however they are cut, each of parts of lines of the stream.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Events events = read_in_pieces(stream, stream.size() + 1);
  if (read_in_pieces(stream, size_t{data[0]} + 1) != events) std::abort();
  for (const auto& [event, text] : events) {
    const bool is_of_stream =
        stream.find(event) != std::string_view::npos && stream.find(text) != std::string_view::npos;
    if (!is_of_stream || (event + text).find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
