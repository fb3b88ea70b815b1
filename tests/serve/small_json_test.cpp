#include "serve/small_json.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

std::string text_of(const std::string& json, const char* name) {
  SmallJson parsed(json);
  return parsed.text(parsed.root()[name]);
}

TEST(SmallJson, HasTheSameTextsHoweverLongTheyAre) {
  for (const size_t bytes : {size_t{0}, size_t{10}, size_t{4096}, size_t{4097}, size_t{100'000}}) {
    const std::string text(bytes, 'x');
    EXPECT_EQ(text_of(R"({"a":"short","b":")" + text + R"(","c":[")" + text + R"("]})", "b"), text);
    EXPECT_EQ(text_of(R"({"b":")" + text + R"(\/\u002B\n"})", "b"), text + "/+\n");
  }
  const std::string text(5000, 'y');
  SmallJson parsed(R"({"a":[")" + std::string(5000, 'x') + R"(",")" + text + R"("]})");
  EXPECT_EQ(parsed.text(parsed.root()["a"][1]), text);
  EXPECT_EQ(text_of(R"({"a":"\u00007"})", "a"), std::string("\0007", 2)) << "a name that nothing has";
}

TEST(SmallJson, RefusesWhatIsMalformed) {
  const std::string text(5000, 'x');
  for (const std::string& json :
       {std::string(), std::string("{"), std::string("[1]"), "{\"a\":\"" + text,
        "{\"a\":\"" + text + "\" \"b\"}", "{\"a\":\"" + text + "\\\"}", std::string(100, '['),
        "{\"a\":[" + std::string(20'000, ',') + "]}", "{\"a\":" + std::string(3'000'000, '1') + "}"}) {
    EXPECT_THROW(SmallJson{json}, Error) << json.substr(0, 20);
  }
  EXPECT_THROW(text_of("{\"a\":\"" + text + "\\u20AC\"}", "a"), Error);
  EXPECT_THROW(text_of("{\"a\":\"" + text + "\\b\"}", "a"), Error);
  EXPECT_THROW(text_of("{\"a\":\"" + text + "\\u00\"}", "a"), Error);
}

}  // namespace
}  // namespace kiloword
