#include "kiloword/scoring/label_bank.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "kiloword/scoring/similarity.h"
#include "support/fake_encoder.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::FakeEncoder;
using testing::TemporaryFolder;

ChosenLabelSet chosen(const std::string& content) {
  return {parse_label_set(content, "test", "test.txt"), true, std::nullopt};
}

const std::string kSet =
    "category: medium\nstatement: This is {a} {label}.\nmatch: {a} {label}\nmatch: an image of {a} {label}\n"
    "negative: nothing\n---\nphoto\nsketch\n";

TEST(LabelBank, EnsemblesTemplatesAndNormalizes) {
  FakeEncoder encoder;
  const LabelBank bank({chosen(kSet)}, encoder, EmbeddingCache(""));
  std::vector<float> expected(FakeEncoder::kDim);
  const std::vector<float> first = FakeEncoder::text_embedding("a sketch");
  const std::vector<float> second = FakeEncoder::text_embedding("an image of a sketch");
  for (size_t i = 0; i < expected.size(); ++i) expected[i] = (first[i] + second[i]) / 2;
  normalize_in_place(expected.data(), FakeEncoder::kDim);
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(bank.sets()[0].labels.row(1)[i], expected[i], 1e-6);
  }
  EXPECT_EQ(bank.sets()[0].negatives.rows, 1);
  EXPECT_EQ(bank.texts_encoded(), 5);
}

TEST(LabelBank, SecondBankEncodesNothingAndIsEqual) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  FakeEncoder encoder;
  const LabelBank cold({chosen(kSet)}, encoder, cache);
  const int64_t encoded = encoder.texts_encoded;
  const LabelBank warm({chosen(kSet)}, encoder, cache);
  EXPECT_EQ(encoder.texts_encoded, encoded);
  EXPECT_EQ(warm.texts_encoded(), 0);
  EXPECT_EQ(warm.sets()[0].labels.values, cold.sets()[0].labels.values);
  EXPECT_EQ(warm.sets()[0].negatives.values, cold.sets()[0].negatives.values);
}

TEST(LabelBank, AnyChangeOfTextOrModelEmbedsAnew) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  FakeEncoder encoder;
  const LabelBank first({chosen(kSet)}, encoder, cache);
  const auto texts_for = [&](const std::string& content) {
    return LabelBank({chosen(content)}, encoder, cache).texts_encoded();
  };
  const auto replaced = [](const std::string& from, const std::string& to) {
    return std::string(kSet).replace(kSet.find(from), from.size(), to);
  };
  EXPECT_GT(texts_for(replaced("photo", "photograph")), 0);
  EXPECT_GT(texts_for(replaced("match: {a} {label}", "match: one {label}")), 0);
  EXPECT_GT(texts_for(replaced("negative: nothing", "negative: a void")), 0);
  EXPECT_EQ(texts_for(replaced("This is {a} {label}.", "It is {a} {label}.")), 0)
      << "what is said is not embedded";
  encoder.identity = "another model";
  EXPECT_GT(texts_for(kSet), 0);
}

TEST(LabelBank, ChunksOfALargeSetEqualSingleLabels) {
  FakeEncoder encoder;
  std::string content = "category: x\nstatement: {label}.\nmatch: one {label}\nmatch: two {label}\n---\n";
  for (int i = 0; i < 5000; ++i) content += "label " + std::to_string(i) + "\n";
  int64_t last_done = 0;
  int64_t last_total = 0;
  const LabelBank bank({chosen(content)}, encoder, EmbeddingCache(""), [&](int64_t done, int64_t total) {
    EXPECT_GT(done, last_done);
    last_done = done;
    last_total = total;
  });
  EXPECT_EQ(last_done, 10000);
  EXPECT_EQ(last_total, 10000);
  const LabelBank single(
      {chosen("category: x\nstatement: {label}.\nmatch: one {label}\nmatch: two {label}\n---\nlabel 4321\n")},
      encoder, EmbeddingCache(""));
  const float* row = bank.sets()[0].labels.row(4321);
  EXPECT_EQ(std::vector<float>(row, row + FakeEncoder::kDim), single.sets()[0].labels.values);
}

/// Fifty texts a second, as slow machines with large networks come near.
class SlowEncoder : public FakeEncoder {
 public:
  Embeddings encode_texts(const std::vector<std::string>& texts) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1) * 20 * texts.size());
    return FakeEncoder::encode_texts(texts);
  }
};

TEST(LabelBank, LeavesOutWhatTakesTooLong) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  SlowEncoder encoder;
  std::string many = "category: x\nstatement: {label}.\n---\n";
  for (int i = 0; i < 3000; ++i) many += "label " + std::to_string(i) + "\n";
  const ChosenLabelSet large{parse_label_set(many, "objects", "objects.txt"), true, std::nullopt};
  ChosenLabelSet medium = chosen(kSet);
  medium.set.name = "lite/medium";
  ChosenLabelSet hanging = chosen(kSet + "painting\n");
  hanging.set.name = "hanging";
  hanging.gate = OpenGate{0, {0}};
  const EmbeddingLimits limits{20, {"medium", "people"}};
  const LabelBank bank({large, hanging, medium}, encoder, cache, {}, limits);
  EXPECT_EQ(bank.left_out(), (std::vector<std::string>{"objects", "hanging"}));
  ASSERT_EQ(bank.sets().size(), 1U);
  EXPECT_EQ(bank.sets()[0].chosen.set.name, "lite/medium");
  EXPECT_LT(encoder.texts_encoded, 300);
  EXPECT_TRUE(std::filesystem::exists(folder.path()));

  // What is embedded already takes no time. (Embedded without a limit: a stall of the machine while the quick
  // encoder works would count as its speed.)
  FakeEncoder quick;
  EXPECT_TRUE(LabelBank({large, hanging, medium}, quick, cache).left_out().empty());
  SlowEncoder again;
  EXPECT_TRUE(LabelBank({large, hanging, medium}, again, cache, {}, limits).left_out().empty());
  EXPECT_EQ(again.texts_encoded, 0);
}

TEST(LabelBank, KnowsNoLimitWithoutASetThatComesFirst) {
  SlowEncoder encoder;
  std::string many = "category: x\nstatement: {label}.\n---\n";
  for (int i = 0; i < 70; ++i) many += "label " + std::to_string(i) + "\n";
  const LabelBank bank({chosen(many)}, encoder, EmbeddingCache(""), {}, {0.5, {"medium", "people"}});
  EXPECT_TRUE(bank.left_out().empty());
  EXPECT_EQ(encoder.texts_encoded, 70);
}

TEST(LabelBank, ScoresEverySetAndPassesRulesOn) {
  FakeEncoder encoder;
  ChosenLabelSet unspoken = chosen(kSet + "painting\n");
  unspoken.selected = false;
  unspoken.set.min_confidence = 0.25;
  const LabelBank bank({chosen(kSet), unspoken}, encoder, EmbeddingCache(""));
  const std::vector<float> image = FakeEncoder::text_embedding("an image");
  const std::vector<SetScores> scores = bank.score({1, FakeEncoder::kDim, image}).front();
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[1].cosines.size(), 3U);
  EXPECT_EQ(scores[0].negative_cosines.size(), 1U);
  EXPECT_FALSE(bank.rules()[1].selected);
  EXPECT_EQ(bank.rules()[1].min_confidence, 0.25);
}

/// So that caches and calibrations made before there were hypernyms stay good.
TEST(LabelBank, KeysOfSetsWithoutHypernymsStay) {
  FakeEncoder encoder;
  EXPECT_EQ(LabelBank({chosen(kSet)}, encoder, EmbeddingCache("")).sets()[0].key,
            "4a720b9d18dd69188f3b7e799191142c");
}

TEST(LabelBank, HypernymsWithoutATextHaveNoEmbedding) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  FakeEncoder encoder;
  const std::string head =
      "category: x\nstatement: {label}\nmatch: {label}\nmatch: a {label}\nnegative: no\n---\n";
  const LabelBank bank({chosen(head + "animal | match: none\ncat | is-a: animal\ndog | is-a: animal\n")},
                       encoder, cache);
  const LabelBank plain({chosen(head + "cat\ndog\n")}, encoder, cache);
  EXPECT_EQ(bank.texts_encoded(), 5);
  const EmbeddedLabelSet& set = bank.sets()[0];
  ASSERT_EQ(set.labels.rows, 3);
  for (size_t i = 0; i < FakeEncoder::kDim; ++i) {
    EXPECT_EQ(set.labels.row(0)[i], 0);
    EXPECT_EQ(set.labels.row(1)[i], plain.sets()[0].labels.row(0)[i]);
    EXPECT_EQ(set.labels.row(2)[i], plain.sets()[0].labels.row(1)[i]);
  }
  EXPECT_EQ(plain.rules()[0].tree, nullptr);
  ASSERT_NE(bank.rules()[0].tree, nullptr);
  EXPECT_TRUE(bank.rules()[0].tree->is_a(2, 0));
}

TEST(LabelBank, HypernymsChangeTheKeyButNoEmbedding) {
  const TemporaryFolder folder;
  const EmbeddingCache cache(folder.path());
  FakeEncoder encoder;
  const std::string head = "category: x\nstatement: {label}\n---\n";
  const LabelBank plain({chosen(head + "dog\nbeagle\ncat\n")}, encoder, cache);
  const LabelBank tree({chosen(head + "dog\nbeagle | is-a: dog\ncat\n")}, encoder, cache);
  const LabelBank other({chosen(head + "dog\nbeagle | is-a: cat\ncat\n")}, encoder, cache);
  EXPECT_EQ(tree.texts_encoded(), 0);
  EXPECT_NE(tree.sets()[0].key, plain.sets()[0].key);
  EXPECT_NE(tree.sets()[0].key, other.sets()[0].key);
  EXPECT_NE(tree.fingerprint(), other.fingerprint());
}

}  // namespace
}  // namespace kiloword
