#include "kiloword/base/markup.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

TEST(Markup, NothingEndsAnElementOrAnAttribute) {
  EXPECT_EQ(escape_markup("a <b> & \"c\" 'd' é"), "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; é");
  EXPECT_EQ(escape_markup("&amp;"), "&amp;amp;");
  EXPECT_EQ(escape_markup(std::string_view("\0", 1)).find('\0'), std::string::npos);
}

}  // namespace
}  // namespace kiloword
