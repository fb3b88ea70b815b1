#include "kiloword/scoring/cut_text.h"

#include <gtest/gtest.h>

#include "support/fake_encoder.h"

namespace kiloword {
namespace {

using testing::FakeEncoder;  // reads 32 tokens: 30 bytes, start and end

TEST(CutText, IsToldWithItsStartAndBothLengths) {
  const FakeEncoder encoder;
  EXPECT_EQ(cut_text_warning(encoder, std::string(30, 'a')), std::nullopt);
  EXPECT_EQ(cut_text_warning(encoder, std::string(31, 'a')),
            "text \"" + std::string(31, 'a') + "\" has 33 tokens and is cut to the model's 32");
  EXPECT_EQ(cut_text_warning(encoder, std::string(50, 'a')),
            "text \"" + std::string(40, 'a') + "...\" has 52 tokens and is cut to the model's 32");
  EXPECT_EQ(cut_text_warnings(encoder, {"short", std::string(99, 'b'), std::string(60, 'c')}).size(), 2U);
}

TEST(CutText, OfALabelSetIsToldOnce) {
  const FakeEncoder encoder;
  LabelSet set;
  set.name = "toy";
  set.prompt_templates = {"a photo of a very, very small {label}", "{label}"};
  Label label;
  label.name = "cat";
  set.labels = {label, label};
  const auto warning = cut_text_warning(encoder, set);
  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->rfind("label set toy: \"a photo of a very, very small ", 0), 0U) << *warning;
  EXPECT_NE(warning->find(", and 1 more like it"), std::string::npos) << *warning;
  set.prompt_templates = {"{label}"};
  EXPECT_FALSE(cut_text_warning(encoder, set));
}

}  // namespace
}  // namespace kiloword
