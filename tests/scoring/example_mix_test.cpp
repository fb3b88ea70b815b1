#include "kiloword/scoring/example_mix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "kiloword/base/error.h"
#include "kiloword/scoring/label_bank.h"
#include "kiloword/scoring/similarity.h"
#include "support/fake_encoder.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::FakeEncoder;
using testing::TemporaryFolder;

constexpr size_t kDim = FakeEncoder::kDim;
constexpr size_t kBackground = 300;

/// Pictures lie in a cone about the first axis, far from texts; those of the character also along `axis`.
std::vector<float> picture(std::mt19937& random, size_t axis, float strength) {
  std::normal_distribution<float> noise(0.0F, 0.25F);
  std::vector<float> values(kDim);
  for (float& value : values) value = noise(random);
  values[0] += 1.5F;
  values[axis] += strength;
  normalize_in_place(values.data(), static_cast<int64_t>(kDim));
  return values;
}

SetExamples examples_of(size_t count) {
  std::mt19937 random(1);
  SetExamples examples;
  examples.model = "fake";
  examples.model_fingerprint = std::string(32, 'a');
  examples.dim = kDim;
  for (size_t i = 0; i < kBackground; ++i) examples.background.push_back(picture(random, 1, 0.0F));
  examples.labels.push_back({"Cirno", {}});
  for (size_t i = 0; i < count; ++i) examples.labels[0].pictures.push_back(picture(random, 1, 1.0F));
  return examples;
}

/// A set with the label Cirno, which no text says anything about.
ChosenLabelSet chosen(const SetExamples* examples) {
  ChosenLabelSet result{
      parse_label_set("category: c\nstatement: {label}\n---\nRumia\nMarisa\nReimu\nTenshi\n", "set",
                      "set.txt"),
      true, std::nullopt};
  Label label;
  label.name = "Cirno";
  result.set.labels.push_back(label);
  if (examples != nullptr) result.examples = std::make_shared<const SetExamples>(*examples);
  return result;
}

LabelBank bank_with(const SetExamples* examples, const EmbeddingCache& cache = EmbeddingCache("")) {
  FakeEncoder encoder;
  return LabelBank({chosen(examples)}, encoder, cache);
}

size_t best(const LabelBank& bank, const std::vector<float>& image) {
  const std::vector<float> scores = cosines(image.data(), bank.sets()[0].labels);
  return static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

size_t background_wins(const LabelBank& bank, size_t label) {
  size_t wins = 0;
  for (const std::vector<float>& image : examples_of(1).background)
    wins += best(bank, image) == label ? 1 : 0;
  return wins;
}

size_t found_of_100(const LabelBank& bank) {
  std::mt19937 random(2);
  size_t found = 0;
  for (int i = 0; i < 100; ++i) found += best(bank, picture(random, 1, 1.0F)) == 4 ? 1 : 0;
  return found;
}

TEST(ExampleMix, FindsThePicturesAndDoesNotWinTheOthers) {
  const LabelBank text = bank_with(nullptr);
  const SetExamples examples = examples_of(8);
  const LabelBank mixed = bank_with(&examples);
  EXPECT_GT(found_of_100(mixed), found_of_100(text) + 30);
  EXPECT_LE(background_wins(mixed, 4), std::max(background_wins(text, 4), kBackground / 5));
  const float* row = mixed.sets()[0].labels.row(4);
  EXPECT_NEAR(std::inner_product(row, row + kDim, row, 0.0), 1.0, 1e-5);
}

/// All pictures to be captioned have something that no background picture has. One label's examples cannot
/// show that it is not the label; another label's can.
TEST(ExampleMix, ExamplesOfOtherLabelsTellWhatTheLabelIsNot) {
  constexpr size_t kOwnAxis = 1;
  constexpr size_t kOtherAxis = 2;
  constexpr size_t kCommonAxis = 3;
  std::mt19937 random(3);
  const auto captioned = [&random](size_t axis) {
    std::vector<float> values = picture(random, axis, 1.2F);
    values[kCommonAxis] += 0.7F;
    normalize_in_place(values.data(), static_cast<int64_t>(kDim));
    return values;
  };
  SetExamples alone = examples_of(0);
  for (int i = 0; i < 40; ++i) alone.labels[0].pictures.push_back(captioned(kOwnAxis));
  SetExamples both = alone;
  both.labels.push_back({"Rumia", {}});
  for (int i = 0; i < 40; ++i) both.labels[1].pictures.push_back(captioned(kOtherAxis));
  const LabelBank mixed_alone = bank_with(&alone);
  const LabelBank mixed_both = bank_with(&both);
  const auto won_of_100 = [&](const LabelBank& bank, size_t axis) {
    size_t won = 0;
    for (int i = 0; i < 100; ++i) won += best(bank, captioned(axis)) == 4 ? 1 : 0;
    return won;
  };
  EXPECT_GT(won_of_100(mixed_alone, kOtherAxis), 40U) << "else the rest shows nothing";
  EXPECT_LT(won_of_100(mixed_both, kOtherAxis), 12U);
  EXPECT_GT(won_of_100(mixed_both, kOwnAxis), 50U);
}

TEST(ExampleMix, APlainMeanOfPicturesWouldWinThemAll) {
  LabelBank text = bank_with(nullptr);
  EmbeddedLabelSet set = text.sets()[0];
  const SetExamples examples = examples_of(8);
  std::vector<float> mean(kDim);
  for (const auto& example : examples.labels[0].pictures)
    for (size_t i = 0; i < kDim; ++i) mean[i] += example[i];
  normalize_in_place(mean.data(), static_cast<int64_t>(kDim));
  std::copy(mean.begin(), mean.end(), set.labels.values.begin() + 4 * FakeEncoder::kDim);
  size_t wins = 0;
  for (const auto& image : examples.background) {
    const std::vector<float> scores = cosines(image.data(), set.labels);
    wins += std::max_element(scores.begin(), scores.end()) - scores.begin() == 4 ? 1U : 0U;
  }
  EXPECT_GT(wins, kBackground * 3 / 4) << "else the test above shows nothing";
}

TEST(ExampleMix, OtherLabelsStayAsTheyAre) {
  const SetExamples examples = examples_of(2);
  const LabelBank mixed = bank_with(&examples);
  const LabelBank text = bank_with(nullptr);
  const auto others = [](const LabelBank& bank) {
    const std::vector<float>& values = bank.sets()[0].labels.values;
    return std::vector<float>(values.begin(), values.end() - FakeEncoder::kDim);
  };
  EXPECT_EQ(others(mixed), others(text));
  EXPECT_NE(mixed.sets()[0].labels.values, text.sets()[0].labels.values);
}

TEST(ExampleMix, KeysChangeWithExamplesAndTheCacheHoldsTextsOnly) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  SetExamples examples = examples_of(2);
  const LabelBank first = bank_with(&examples, cache);
  EXPECT_GT(first.texts_encoded(), 0);
  std::mt19937 random(9);
  add_example(examples, "Cirno", picture(random, 1, 1.0F));
  const LabelBank second = bank_with(&examples, cache);
  EXPECT_EQ(second.texts_encoded(), 0);
  EXPECT_NE(second.sets()[0].key, first.sets()[0].key);
  EXPECT_NE(second.fingerprint(), first.fingerprint());
  EXPECT_NE(second.sets()[0].labels.values, first.sets()[0].labels.values);
  const LabelBank text = bank_with(nullptr, cache);
  EXPECT_EQ(text.texts_encoded(), 0);
  EXPECT_EQ(text.sets()[0].labels.values, bank_with(nullptr).sets()[0].labels.values);
}

TEST(ExampleMix, DegenerateNumbersStayFinite) {
  SetExamples same = examples_of(1);
  for (auto& image : same.background) image = same.background[0];  // no variance at all
  SetExamples single = examples_of(1);
  FakeEncoder encoder;
  for (const SetExamples* examples : {&same, &single}) {
    ChosenLabelSet lone = chosen(examples);
    if (examples == &single) lone.set.labels.erase(lone.set.labels.begin(), lone.set.labels.begin() + 4);
    const LabelBank bank({lone}, encoder, EmbeddingCache(""));
    double squares = 0;
    const Embeddings& labels = bank.sets()[0].labels;
    for (size_t i = 0; i < kDim; ++i) squares += std::pow(labels.row(labels.rows - 1)[i], 2);
    EXPECT_NEAR(squares, 1.0, 1e-5);
  }
}

TEST(ExampleMix, AnotherWidthIsRefused) {
  SetExamples examples = examples_of(1);
  examples.dim = kDim + 1;
  EXPECT_THROW(bank_with(&examples), Error);
}

}  // namespace
}  // namespace kiloword
