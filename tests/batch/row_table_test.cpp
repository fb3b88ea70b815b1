#include "kiloword/batch/row_table.h"

#include <gtest/gtest.h>

#include "kiloword/base/error.h"
#include "kiloword/batch/row_template.h"

namespace kiloword {
namespace {

const std::string kCaptionRow =
    R"({"schema":1,"path":"a/b, c.jpg","status":"ok","caption":"Ada: [Image Attached: It reads \"x\". A dog.]",)"
    R"("statements":[{"label":"dog","said":true},{"label":"cat","said":false},{"label":"dog","said":true}],)"
    R"("width":4,"height":3,"model":"nano","ms":1.5,"index":7,"bytes":9,"modified":"2026","run":"f"})";

TEST(RowValues, AreWhatARowSays) {
  const RowValues values = row_values(kCaptionRow);
  EXPECT_EQ(values.text, "It reads \"x\". A dog.");
  EXPECT_EQ(values.tags, std::vector<std::string>{"dog"});
  EXPECT_EQ(values.width, "4");
  EXPECT_EQ(values.description, "");
  EXPECT_FALSE(values.failed);
}

TEST(RowValues, OfADescriptionHaveItsWordsAsTags) {
  const RowValues values = row_values(
      R"({"path":"a","status":"ok","caption":"[Image Attached: A dog runs.]","description":"A dog runs.",)"
      R"("words":[{"word":"dog","support":0.9},{"word":"runs","support":0.5}]})");
  EXPECT_EQ(values.text, "A dog runs.");
  EXPECT_EQ(values.tags, (std::vector<std::string>{"dog", "runs"}));
}

TEST(RowValues, AreEmptyWhereNothingIsSaid) {
  const RowValues values = row_values(
      R"({"path":"a","status":"ok","caption":"[Image Attached: No description available.]","statements":[]})");
  EXPECT_EQ(values.text, "");
  EXPECT_TRUE(values.tags.empty());
  EXPECT_THROW(row_values("[]"), Error);
  EXPECT_THROW(row_values(R"({"path":"a","status":"ok"})"), Error);
}

TEST(RowTable, QuotesWhatWouldTearALine) {
  EXPECT_EQ(table_heading(','),
            "path,status,text,tags,caption,description,width,height,model,index,bytes,modified,run,error\r");
  EXPECT_EQ(table_line(row_values(kCaptionRow), ','),
            "\"a/b, c.jpg\",ok,\"It reads \"\"x\"\". A dog.\",dog,"
            "\"Ada: [Image Attached: It reads \"\"x\"\". A dog.]\",,4,3,nano,7,9,2026,f,\r");
  const std::string failed =
      R"({"path":"a\tb","status":"error","error":{"kind":"input","message":"empty file"}})";
  EXPECT_EQ(table_line(row_values(failed), '\t'), "\"a\tb\"\terror\t\t\t\t\t\t\t\t\t\t\t\tempty file");
}

TEST(RowTemplate, FillsInValues) {
  const RowValues values = row_values(kCaptionRow);
  EXPECT_EQ(RowTemplate("{path}\\t{stem}: {tags} {{{width}x{height}}}\\\\").fill(values),
            "a/b, c.jpg\tb, c: dog {4x3}\\");
  EXPECT_EQ(RowTemplate("plain").fill(values), "plain");
  RowValues odd = values;
  odd.path = "new\nline";
  EXPECT_EQ(RowTemplate("{path}").fill(odd).find('\n'), std::string::npos);
}

TEST(RowTemplate, RefusesWhatMeansNothing) {
  for (const char* text : {"{nothing}", "{path", "path}", "\\x", "\\", "{}"}) {
    EXPECT_THROW(RowTemplate{text}, Error) << text;
  }
}

}  // namespace
}  // namespace kiloword
