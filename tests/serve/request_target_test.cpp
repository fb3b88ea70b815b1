#include "serve/request_target.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

TEST(RequestTarget, IsTakenApartAndDecoded) {
  const RequestTarget target = parse_request_target("/v1/caption?name=a%20b+c&author=&flag&x=%zz%4&=1");
  EXPECT_EQ(target.path, "/v1/caption");
  const QueryFields expected{{"name", "a b c"}, {"author", ""}, {"flag", ""}, {"x", "%zz%4"}, {"", "1"}};
  EXPECT_EQ(target.query, expected);
  EXPECT_EQ(target.authority, "");
  EXPECT_EQ(parse_request_target("/a%2Fb+c").path, "/a/b+c");
}

TEST(RequestTarget, MayBeAbsolute) {
  const RequestTarget target = parse_request_target("http://localhost:8421/v1/models?x=1");
  EXPECT_EQ(target.authority, "localhost:8421");
  EXPECT_EQ(target.path, "/v1/models");
  EXPECT_EQ(target.query.size(), 1U);
  EXPECT_EQ(parse_request_target("HTTP://localhost").path, "/");
  EXPECT_EQ(parse_request_target("/http://evil.example/").authority, "");
}

TEST(RequestTarget, OtherFormsNameNothing) {
  EXPECT_EQ(parse_request_target("*").path, "*");
  EXPECT_EQ(parse_request_target("").path, "/");
  EXPECT_EQ(parse_request_target("localhost:443").path, "localhost:443");
}

}  // namespace
}  // namespace kiloword
