#include "labels/template.h"

#include <gtest/gtest.h>

#include <string>

namespace kiloword {
namespace {

TEST(Template, FillsInLabelAndArticle) {
  EXPECT_EQ(fill_template("This is {a} {label}.", "sketch", Article::kAuto), "This is a sketch.");
  EXPECT_EQ(fill_template("This is {a} {label}.", "oil painting", Article::kAuto),
            "This is an oil painting.");
  EXPECT_EQ(fill_template("{label} and {label}", "x", Article::kAuto), "x and x");
}

TEST(Template, ArticleFitsTheTextThatFollowsIt) {
  EXPECT_EQ(fill_template("{a} picture of {a} {label}", "apple", Article::kAuto), "a picture of an apple");
  EXPECT_EQ(fill_template("{a} old {label}", "cat", Article::kAuto), "an old cat");
  EXPECT_EQ(fill_template("{a} \"{label}\"", "hour", Article::kAuto), "an \"hour\"");
}

TEST(Template, LabelsOwnArticle) {
  EXPECT_EQ(fill_template("This is {a} {label}.", "sunglasses", Article::kNone), "This is sunglasses.");
  EXPECT_EQ(fill_template("{a}, {label}", "rice", Article::kNone), ", rice");
  EXPECT_EQ(fill_template("This is {a} {label}.", "Alps", Article::kThe), "This is the Alps.");
  EXPECT_EQ(fill_template("{a} {label}", "xylem", Article::kAn), "an xylem");
  EXPECT_EQ(fill_template("{a} {label}", "oak", Article::kA), "a oak");
  EXPECT_EQ(fill_template("{a} big {label}", "xylem", Article::kAn), "a big xylem")
      << "'big' decides, not the label";
}

TEST(Template, LabelTextIsNotReadAgain) {
  EXPECT_EQ(fill_template("{a} {label}", "{label}{a}", Article::kAuto), "a {label}{a}");
  EXPECT_EQ(fill_template("{label", "x", Article::kAuto), "{label")
      << "never built from a file, but harmless";
}

TEST(Template, ProblemsAreNamed) {
  EXPECT_FALSE(template_problem("{a} {label}"));
  EXPECT_EQ(template_problem("nothing").value(), "no {label} in a template");
  EXPECT_EQ(template_problem("{a} thing").value(), "no {label} in a template");
  EXPECT_EQ(template_problem("{label} {name}").value(), "unknown placeholder '{name}'");
  EXPECT_EQ(template_problem("{} {label}").value(), "unknown placeholder '{}'");
  EXPECT_EQ(template_problem("{Label}").value(), "unknown placeholder '{Label}'");
  EXPECT_EQ(template_problem("{label").value(), "unbalanced '{' in a template");
  EXPECT_EQ(template_problem("{{label}}").value(), "unbalanced '{' in a template");
  EXPECT_EQ(template_problem("label} {label}").value(), "unbalanced '}' in a template");
  std::string many;
  for (int i = 0; i < 17; ++i) many += "{label}";
  EXPECT_EQ(template_problem(many).value(), "more than 16 placeholders in a template");
}

}  // namespace
}  // namespace kiloword
