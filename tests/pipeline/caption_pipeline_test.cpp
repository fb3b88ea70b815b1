#include "kiloword/pipeline/caption_pipeline.h"

#include <gtest/gtest.h>

#include <set>

#include "pipeline/image_like.h"

namespace kiloword {
namespace {

using testing::FakeEncoder;
using testing::image_like;

ChosenLabelSet chosen(const std::string& name, const std::string& labels) {
  const std::string content =
      "category: " + name + "\nstatement: " + name + " is {label}.\nmatch: {label}\n---\n" + labels;
  return {parse_label_set(content, name, name + ".txt"), true, std::nullopt};
}

class CaptionerTest : public ::testing::Test {
 protected:
  CaptionRecord caption(CaptionPipelineOptions options) {
    options.model_name = "fake";
    return CaptionPipeline(encoder_, bank_, options).caption(image_like("dog"));
  }

  FakeEncoder encoder_;
  LabelBank bank_{{chosen("Animal", "cat\ndog\nhorse\n"), chosen("Place", "beach\nforest\n")},
                  encoder_,
                  EmbeddingCache("")};
};

TEST_F(CaptionerTest, SaysTheBestStatementFirst) {
  const CaptionRecord record = caption({});
  EXPECT_EQ(record.statements.size(), 2U);
  EXPECT_EQ(record.statements[0].label, "dog");
  EXPECT_NEAR(record.statements[0].cosine, 1, 1e-5);
  EXPECT_EQ(record.caption.rfind("[Image Attached: ", 0), 0U);
  EXPECT_NE(record.caption.find("Animal is dog."), std::string::npos);
  EXPECT_EQ(record.width, 640);
  EXPECT_EQ(record.model, "fake");
  EXPECT_TRUE(record.explained.empty());
}

TEST_F(CaptionerTest, TopKAndAuthor) {
  CaptionPipelineOptions options;
  options.rank.rule = RankRule::kCosine;
  options.rank.top_k = 1;
  options.author = "Ada";
  const CaptionRecord record = caption(options);
  EXPECT_EQ(record.caption, "Ada: [Image Attached: Animal is dog.]");
  EXPECT_FALSE(record.statements[1].said);
  EXPECT_FALSE(record.statements[1].reason.empty());
}

TEST_F(CaptionerTest, ExplainsEverySet) {
  CaptionPipelineOptions options;
  options.explain_labels = 2;
  const CaptionRecord record = caption(options);
  ASSERT_EQ(record.explained.size(), 2U);
  EXPECT_EQ(record.explained[0].labels.size(), 2U);
  EXPECT_EQ(record.explained[0].labels[0].label, "dog");
}

// A picture of a dog with the word "cat" on it, which the network takes for a cat.
TEST_F(CaptionerTest, AStatementThatStandsOnWordsIsFlaggedOrReplaced) {
  PreparedImage image = image_like("cat");
  image.pixels_without_text = image_like("dog").pixels;
  const PreparedImage textless = image_like("horse");
  const auto captions = [&](const std::string& rule) {
    CaptionPipelineOptions options;
    options.rank.top_k = 1;
    options.typographic = typographic_rule(rule);
    return CaptionPipeline(encoder_, bank_, options).captions({image, textless, image});
  };
  const auto off = captions("off");
  EXPECT_EQ(off[0].caption, "[Image Attached: Animal is cat.]");
  EXPECT_FALSE(off[0].statements[0].stands_on_text);
  const auto flagged = captions("flag");
  EXPECT_EQ(flagged[0].caption, off[0].caption);
  EXPECT_TRUE(flagged[0].statements[0].stands_on_text);
  EXPECT_NE(to_json(flagged[0]).find(R"("said":true,"flag":"text"})"), std::string::npos)
      << to_json(flagged[0]);
  EXPECT_EQ(to_json(off[0]).find("flag"), std::string::npos);
  EXPECT_FALSE(flagged[1].statements[0].stands_on_text);
  EXPECT_EQ(flagged[1].caption, "[Image Attached: Animal is horse.]");
  const auto dropped = captions("drop");
  EXPECT_EQ(dropped[0].caption, "[Image Attached: Animal is dog.]");
  EXPECT_EQ(dropped[1].caption, flagged[1].caption);
  EXPECT_EQ(dropped[2].caption, dropped[0].caption);
  EXPECT_THROW(typographic_rule("maybe"), Error);
}

TEST_F(CaptionerTest, AStatementThatStaysWithoutTheWordsIsNotFlagged) {
  PreparedImage image = image_like("dog");
  image.pixels_without_text = image.pixels;
  CaptionPipelineOptions options;
  options.typographic = TypographicPolicy::kFlag;
  for (const StatementRecord& statement :
       CaptionPipeline(encoder_, bank_, options).caption(image).statements) {
    EXPECT_FALSE(statement.stands_on_text);
  }
}

TEST_F(CaptionerTest, WordsThatWereReadAreQuotedLastAndFlagLabelsThatRepeatThem) {
  PreparedImage image = image_like("dog");
  image.text = {{"The DOG \"Rex\"]", {1.4, 2, 30.6, 8}, 0.95}, {"barks", {1, 12, 30, 8}, 0.91}};
  CaptionPipelineOptions options;
  options.rank.rule = RankRule::kCosine;
  options.rank.top_k = 1;
  const CaptionRecord record = CaptionPipeline(encoder_, bank_, options).caption(image);
  EXPECT_EQ(record.caption, "[Image Attached: Animal is dog. The text reads \"The DOG 'Rex') / barks\".]");
  EXPECT_TRUE(record.statements[0].stands_on_text);
  EXPECT_FALSE(record.statements[1].stands_on_text);
  EXPECT_NE(
      to_json(record).find(R"("text":[{"line":"The DOG \"Rex\"]","box":[1,2,31,8],"confidence":0.95},)"),
      std::string::npos)
      << to_json(record);
}

TEST_F(CaptionerTest, AScreenshotInWhichTextWasReadIsOneWithText) {
  const LabelBank bank({chosen("Medium", "dog | with-text: dog with text\ncat\n")}, encoder_,
                       EmbeddingCache(""));
  const CaptionPipeline pipeline(encoder_, bank, {});
  PreparedImage image = image_like("dog");
  EXPECT_EQ(pipeline.caption(image).caption, "[Image Attached: Medium is dog.]");
  image.text = {{"Open", {0, 0, 9, 9}, 0.95}};
  EXPECT_EQ(pipeline.caption(image).caption,
            "[Image Attached: Medium is dog with text. The text reads \"Open\".]");
}

TEST_F(CaptionerTest, AVideoIsCaptionedByTheMeanOfItsFrames) {
  PreparedImage video = image_like("dog");
  video.frames = {{0.5, image_like("dog").pixels, {}},
                  {1.5, image_like("cat").pixels, {}},
                  {2.5, image_like("dog").pixels, {}}};
  CaptionPipelineOptions options;
  options.rank.rule = RankRule::kCosine;
  options.rank.top_k = 1;
  const std::vector<CaptionRecord> records =
      CaptionPipeline(encoder_, bank_, options).captions({image_like("horse"), video, image_like("cat")});
  EXPECT_EQ(records[0].caption, "[Image Attached: Animal is horse.]");
  EXPECT_EQ(records[1].caption, "[Image Attached: Animal is dog.]");
  EXPECT_EQ(records[2].caption, "[Image Attached: Animal is cat.]");
  ASSERT_EQ(records[1].frames.size(), 3U);
  EXPECT_EQ(records[1].frames[1].time_s, 1.5);
  EXPECT_EQ(records[1].frames[1].statements.front().label, "cat");
  EXPECT_TRUE(records[0].frames.empty());
  EXPECT_NE(to_json(records[1]).find(R"("frames":[{"time":0.5,"statements":[{"set":"Animal","label":"dog",)"),
            std::string::npos)
      << to_json(records[1]);
}

TEST_F(CaptionerTest, ReadingIsPartOfTheFingerprint) {
  CaptionPipelineOptions options;
  const std::string unread = CaptionPipeline(encoder_, bank_, options).fingerprint({});
  options.reader = std::make_shared<const TextReader>(ReadingOptions{});
  EXPECT_EQ(CaptionPipeline(encoder_, bank_, options).fingerprint({}), unread);
  options.reader = std::make_shared<const TextReader>(ReadingOptions{Reading::kAuto, "eng", 3000});
  EXPECT_NE(CaptionPipeline(encoder_, bank_, options).fingerprint({}), unread);
}

TEST_F(CaptionerTest, SetsAreCalledByTheirShortNamesUnlessTheseCollide) {
  const LabelBank bank(
      {chosen("Animal", "dog\n"), chosen("zoo/Animal", "dog\n"), chosen("zoo/Place", "beach\n")}, encoder_,
      EmbeddingCache(""));
  std::set<std::string> names;
  for (const StatementRecord& statement :
       CaptionPipeline(encoder_, bank, {}).caption(image_like("dog")).statements) {
    names.insert(statement.set);
  }
  EXPECT_EQ(names, (std::set<std::string>{"Animal", "zoo/Animal", "Place"}));
}

TEST_F(CaptionerTest, BrokenImageGivesItsError) {
  PreparedImage image;
  image.path = "b.jpg";
  image.error = Error(ErrorKind::kInput, "truncated JPEG", "b.jpg");
  const CaptionRecord record = CaptionPipeline(encoder_, bank_, {}).caption(image);
  ASSERT_TRUE(record.error);
  EXPECT_EQ(record.error->message(), "truncated JPEG");
  EXPECT_EQ(encoder_.images_encoded, 0);
}

TEST_F(CaptionerTest, HedgesAndTellsWhy) {
  const LabelBank bank(
      {chosen("Animal",
              "animal | match: none\ndog | is-a: animal\nhound | match: dog | is-a: animal\nteapot\n")},
      encoder_, EmbeddingCache(""));
  CaptionPipelineOptions options;
  options.explain_labels = 3;
  const CaptionRecord sure = CaptionPipeline(encoder_, bank, options).caption(image_like("dog"));
  ASSERT_EQ(sure.statements.size(), 1U);
  EXPECT_EQ(sure.statements[0].label, "dog");
  EXPECT_EQ(sure.statements[0].hypernyms, std::vector<std::string>{"animal"});
  EXPECT_EQ(sure.statements[0].hedged_from, "");
  ASSERT_EQ(sure.explained[0].names.size(), 2U);
  EXPECT_EQ(sure.explained[0].names[0].outcome, "said");
  EXPECT_EQ(sure.explained[0].names[1].outcome, "a more specific name is selected");
  EXPECT_EQ(sure.explained[0].labels.size(), 3U) << "animal has no text";

  // the threshold between the probability of the dog and that of the animal
  const std::vector<NameRecord>& names = sure.explained[0].names;
  options.rank.min_confidence = (names[0].confidence + names[1].confidence) / 2;
  ASSERT_LT(names[0].confidence, names[1].confidence);
  const CaptionRecord hedged = CaptionPipeline(encoder_, bank, options).caption(image_like("dog"));
  EXPECT_EQ(hedged.caption, "[Image Attached: Animal is animal.]");
  EXPECT_EQ(hedged.statements[0].hedged_from, "dog");
  EXPECT_TRUE(hedged.statements[0].hypernyms.empty());
  EXPECT_EQ(hedged.explained[0].names[0].outcome, "below the minimum confidence");
  EXPECT_EQ(hedged.explained[0].names[1].outcome, "said");
}

TEST_F(CaptionerTest, SeveralStatementsOfOneSet) {
  CaptionPipelineOptions options;
  options.rank.per_set = 2;
  options.rank.min_confidence = 0;
  options.explain_labels = 1;
  const CaptionPipeline captioner(encoder_, bank_, options);
  const CaptionRecord record = captioner.caption(image_like("dog"));
  EXPECT_EQ(record.statements.size(), 4U);
  EXPECT_EQ(record.explained.size(), 2U);
  const std::string usual = CaptionPipeline(encoder_, bank_, {}).fingerprint({});
  options = {};
  options.rank.per_set = 2;
  EXPECT_NE(CaptionPipeline(encoder_, bank_, options).fingerprint({}), usual);
}

}  // namespace
}  // namespace kiloword
