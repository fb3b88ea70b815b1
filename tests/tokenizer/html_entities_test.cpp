// Expected values: html.unescape of Python 3.11.2.

#include "tokenizer/html_entities.h"

#include <gtest/gtest.h>

#include <string>

namespace kiloword {
namespace {

TEST(UnescapeHtml, Named) {
  EXPECT_EQ(unescape_html("R&amp;D &lt;b&gt; &quot;&apos;"), "R&D <b> \"'");
  EXPECT_EQ(unescape_html("&eacute;&Eacute;&yuml;&nbsp;|"), "\u00e9\u00c9\u00ff\u00a0|");
  EXPECT_EQ(unescape_html("&hellip;&mdash;&euro;&thetasym;&Omega;&lang;"),
            "\u2026\u2014\u20ac\u03d1\u03a9\u27e8");
}

TEST(UnescapeHtml, NamedWithoutSemicolon) {
  EXPECT_EQ(unescape_html("&eacute &ampx &copyright &notit; &GT"), "\u00e9 &x \u00a9right \u00acit; >");
  EXPECT_EQ(unescape_html("&hellip &apos &Omega"), "&hellip &apos &Omega");
}

TEST(UnescapeHtml, Numeric) {
  EXPECT_EQ(unescape_html("&#65;&#x41;&#X41;&#65 &#x1F600;"), "AAAA \U0001F600");
  EXPECT_EQ(unescape_html("&#128;&#x81;&#159;"), "\u20ac\u0081\u0178");
  EXPECT_EQ(unescape_html("&#0;&#xD800;&#x110000;&#99999999999999999999;"), "\ufffd\ufffd\ufffd\ufffd");
  EXPECT_EQ(unescape_html("[&#1;&#11;&#127;&#xFDD0;&#x1FFFF;]"), "[]");
  EXPECT_EQ(unescape_html("&#9;&#10;&#12;&#13;"), "\t\n\f\r");
}

TEST(UnescapeHtml, LeavesTheRestAlone) {
  for (const char* text :
       {"", "&", "&&", "&;", "&#", "&#;", "&#x", "&#xg;", "&bogus;", "a & b", "&\u00e9;", "AT&T"}) {
    EXPECT_EQ(unescape_html(text), text);
  }
  EXPECT_EQ(unescape_html("&amp;amp;"), "&amp;");
}

}  // namespace
}  // namespace kiloword
