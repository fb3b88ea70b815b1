#include "kiloword/base/utf8.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

TEST(Utf8, EveryCodePointSurvivesEncodingAndDecoding) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string bytes;
    append_utf8(bytes, c);
    const DecodedCodePoint decoded = decode_utf8(bytes, 0);
    ASSERT_TRUE(decoded.valid) << static_cast<uint32_t>(c);
    ASSERT_EQ(decoded.code_point, c);
    ASSERT_EQ(decoded.length, bytes.size());
  }
}

TEST(Utf8, IllFormedSequencesAreInvalid) {
  // Lone continuation, overlong forms, surrogates, above U+10FFFF, cut short: Unicode standard, table 3-7.
  for (const char* bytes :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82", "\xF0\x9F\x98"}) {
    EXPECT_FALSE(is_valid_utf8(bytes)) << bytes;
  }
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8("Grüße, 東方 🎨"));
}

TEST(Utf8, InvalidBytesAreReplacedOneByOne) {
  EXPECT_EQ(to_valid_utf8("a\xE2\x82z"), "a\uFFFD\uFFFDz");
  EXPECT_EQ(to_valid_utf8("東方"), "東方");
}

TEST(Utf8, PrintableLeavesNothingThatActs) {
  EXPECT_EQ(printable("a\tb\x1b[31m\u0085\u2028\x7F\xFFz"), "a\uFFFDb\uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFDz");
  EXPECT_EQ(printable("\u202Egpj.exe \u2066a\u2069 \uFEFFb\u200B"),
            "\uFFFDgpj.exe \uFFFDa\uFFFD \uFFFDb\uFFFD");
  EXPECT_EQ(printable("\U0001F468\u200D\U0001F467 \u0645\u06CC\u200C"),
            "\U0001F468\u200D\U0001F467 \u0645\u06CC\u200C");
}

}  // namespace
}  // namespace kiloword
