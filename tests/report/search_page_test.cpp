#include "kiloword/report/search_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/jpeg_file.h"
#include "kiloword/base/base64.h"
#include "kiloword/image/decode.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SearchPageTest : public ::testing::Test {
 protected:
  std::string image(const std::string& name, int width, int height) const {
    const auto bytes = static_cast<size_t>(width) * static_cast<size_t>(height) * 3;
    return folder_.write(name, test::jpeg_file(Image{width, height, std::vector<uint8_t>(bytes, 90)}))
        .string();
  }

  std::string written(const SearchPage& page, uint64_t without = 0) const {
    std::string html;
    EXPECT_EQ(write_search_page(page, [&html](std::string_view piece) { html += piece; }), without);
    return html;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(SearchPageTest, ShowsImagesInTheirOrderWithThumbnailsAndNumbers) {
  SearchPage page;
  page.query = "a dog";
  page.about = "2 images";
  page.thumbnail_px = 40;
  page.threads = 3;
  page.images = {{image("wide.jpg", 100, 50), "sub/wide.jpg", 0.25, std::nullopt},
                 {image("tall.jpg", 30, 90), "", 0.125, 0.5},
                 {"gone.jpg", "", 0.1, std::nullopt}};
  const std::string html = written(page, 1);
  EXPECT_THAT(html, HasSubstr("<h1>a dog</h1>"));
  EXPECT_THAT(html, HasSubstr("<a href=\"./sub/wide.jpg\">"));
  EXPECT_THAT(html, HasSubstr("1, cosine 0.2500</p>"));
  EXPECT_THAT(html, HasSubstr("2, cosine 0.1250, confidence 50 %</p>"));
  EXPECT_THAT(html, HasSubstr("no thumbnail"));
  EXPECT_THAT(html, Not(HasSubstr("@query")));
  EXPECT_THAT(html, Not(HasSubstr("hash@")));
  EXPECT_LT(html.find("wide.jpg"), html.find("tall.jpg"));
  const std::string start = "base64,";
  const size_t begin = html.find(start, html.find("<main>")) + start.size();
  const Image thumbnail = decode_image(*decode_base64(html.substr(begin, html.find('"', begin) - begin)));
  EXPECT_EQ(thumbnail.width, 40);
  EXPECT_EQ(thumbnail.height, 20);
}

TEST_F(SearchPageTest, TextsAndPathsAreNeverMarkup) {
  SearchPage page;
  page.query = "<script>alert(1)</script> & \"@images@\" '@style@'";
  page.about = "</p><img src=x>";
  page.images = {{"a<b>\"&'\n\xFF.jpg", "javascript:alert(1)", 0.1, std::nullopt},
                 {"b", "../a b/\"><script>.jpg", 0.1, std::nullopt}};
  page.thumbnail_px = 0;
  const std::string html = written(page);
  for (const char* markup : {"<script", "<img", "\"javascript:", "a<b>"}) {
    EXPECT_THAT(html, Not(HasSubstr(markup)));
  }
  EXPECT_THAT(
      html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;@images@&quot; &#39;@style@&#39;"));
  EXPECT_THAT(html, HasSubstr("href=\"./javascript%3Aalert%281%29\""));
  EXPECT_THAT(html, HasSubstr("href=\"./../a%20b/%22%3E%3Cscript%3E.jpg\""));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST_F(SearchPageTest, StopsWhenAsked) {
  SearchPage page;
  page.images = {{"a", "", 0.1, std::nullopt}};
  page.stop = [] { return true; };
  EXPECT_FALSE(write_search_page(page, [](std::string_view) {}));
}

}  // namespace
}  // namespace kiloword
