#include "kiloword/client/event_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace kiloword {
namespace {

using Events = std::vector<std::pair<std::string, std::string>>;

Events read_in_pieces(const std::string& stream, size_t piece) {
  Events events;
  EventReader reader(
      [&](const std::string& event, const std::string& data) { events.emplace_back(event, data); });
  for (size_t at = 0; at < stream.size(); at += piece)
    reader.read(std::string_view(stream).substr(at, piece));
  return events;
}

TEST(EventReader, ReadsEventsHoweverTheyAreCut) {
  const std::string stream = "event: token\ndata: {\"a\": 1}\n\nevent: record\ndata: {}\n\ndata: last\n\n";
  const Events expected{{"token", R"({"a": 1})"}, {"record", "{}"}, {"", "last"}};
  for (size_t piece = 1; piece <= stream.size(); ++piece)
    EXPECT_EQ(read_in_pieces(stream, piece), expected) << piece;
}

TEST(EventReader, AnEventWithoutItsEndIsNone) {
  EXPECT_TRUE(read_in_pieces("event: token\ndata: {}\n", 3).empty());
  EXPECT_TRUE(read_in_pieces("{\"status\":\"error\"}\n", 5).empty());
}

}  // namespace
}  // namespace kiloword
