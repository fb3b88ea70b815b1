#include "kiloword/pipeline/description_pipeline.h"

#include <gtest/gtest.h>

#include "guided/scripted_model.h"
#include "pipeline/image_like.h"

namespace kiloword {
namespace {

using testing::arbitrary_script;
using testing::FakeEncoder;
using testing::image_like;
using testing::ScriptedModel;

const std::vector<std::string> kPieces{"", " a", " dog", " cat", " [red]", " car", "\t", " and"};

class DescriberTest : public ::testing::Test {
 protected:
  DescriptionRecord describe(const PreparedImage& image, const OutputRuleOptions& rules = {},
                             const SearchObserver& observer = {}) {
    GuidedOptions options = preset_options("demo");
    options.prompt = " a";
    options.candidates = static_cast<int>(kPieces.size());
    options.tokens = 4;
    options.seed = 7;
    const OutputRules output_rules(rules);
    const GuidedDecoder decoder(model_, output_rules, options, encoder_.logit_multiplier());
    return DescriptionPipeline(encoder_, decoder, nullptr, {"fake", "scripted"}).describe(image, observer);
  }

  FakeEncoder encoder_;
  ScriptedModel model_{kPieces, arbitrary_script(kPieces.size())};
};

TEST_F(DescriberTest, RecordsWhatWasWritten) {
  const DescriptionRecord record = describe(image_like("x"));
  EXPECT_FALSE(record.error);
  EXPECT_EQ(record.tokens.size(), 4U);
  EXPECT_EQ(record.caption, "[Image Attached: " + record.description + "]");
  EXPECT_EQ(record.description.find_first_of("[]\t"), std::string::npos);
  EXPECT_EQ(record.seed, 7U);
  EXPECT_EQ(record.width, 640);
  EXPECT_EQ(record.model, "fake");
  EXPECT_EQ(record.language_model, "scripted");
  EXPECT_NEAR(record.cosine, record.tokens.back().cosine, 1e-9);
}

TEST_F(DescriberTest, TheImageDecides) {
  const DescriptionRecord red = describe(image_like(" a dog [red]"));
  EXPECT_NE(red.description, describe(image_like(" a cat and car")).description);
  EXPECT_EQ(red.description, describe(image_like(" a dog [red]")).description);
}

TEST_F(DescriberTest, TheObserverSeesEveryStep) {
  std::vector<SearchView> views;
  const DescriptionRecord record =
      describe(image_like("x"), {}, [&views](const SearchView& view) { views.push_back(view); });
  ASSERT_EQ(views.size(), 4U);
  EXPECT_EQ(views.back().step, 4);
  EXPECT_EQ(views.front().candidates.size(), 5U);
  EXPECT_GE(views[1].candidates[0].value, views[1].candidates[1].value);
  EXPECT_EQ(record.description, describe(image_like("x")).description) << "watching changes nothing";
}

TEST_F(DescriberTest, ImagesDescribedTogetherAreAsEachAlone) {
  OutputRuleOptions required;
  required.required = {"dog"};
  GuidedOptions options = preset_options("balanced");
  options.prompt = " a";
  options.candidates = 5;
  options.tokens = 4;
  const OutputRules rules(required);
  const GuidedDecoder decoder(model_, rules, options, encoder_.logit_multiplier());
  std::vector<EncodedImage> images(6);
  std::vector<const EncodedImage*> all;
  for (size_t i = 0; i < images.size(); ++i) {
    images[i].image = image_like(" a dog" + std::to_string(i % 4));
    encode(encoder_, {&images[i]});
    all.push_back(&images[i]);
  }
  images[2].image.error = Error(ErrorKind::kInput, "truncated JPEG", "a.jpg");
  for (const bool remembers : {false, true}) {
    const DescriptionPipeline pipeline(encoder_, decoder, nullptr, {"fake", "scripted"}, std::nullopt,
                                       std::nullopt, remembers);
    const std::vector<DescriptionRecord> together = pipeline.describe(all);
    ASSERT_EQ(together.size(), images.size());
    for (size_t i = 0; i < images.size(); ++i) {
      const DescriptionRecord alone =
          DescriptionPipeline(encoder_, decoder, nullptr, {"fake", "scripted"}).describe(images[i]);
      EXPECT_EQ(together[i].description, alone.description);
      EXPECT_EQ(together[i].cosine, alone.cosine);
      EXPECT_EQ(together[i].error.has_value(), i == 2);
    }
  }
}

TEST_F(DescriberTest, AnImageWithoutAWayToDescribeItGivesAnErrorRecord) {
  OutputRuleOptions rules;
  rules.avoided = {"dog", "cat", "red", "car", "a", "and"};
  EXPECT_THROW(describe(image_like("x"), rules), Error) << "the prompt breaks the rule";
  rules.avoided.erase(rules.avoided.begin() + 4);
  rules.required = {"zebra"};
  const DescriptionRecord record = describe(image_like("x"), rules);
  ASSERT_TRUE(record.error);
  EXPECT_EQ(record.error->kind(), ErrorKind::kInput);
  EXPECT_EQ(record.error->where(), "a.jpg");

  PreparedImage broken = image_like("x");
  broken.error = Error(ErrorKind::kInput, "truncated JPEG", "a.jpg");
  EXPECT_EQ(describe(broken).error->message(), "truncated JPEG");
}

}  // namespace
}  // namespace kiloword
