#include "kiloword/labels/examples.h"

#include <gtest/gtest.h>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

SetExamples example() {
  SetExamples examples;
  examples.model = "nano";
  examples.set = "nano/mascots";
  examples.model_fingerprint = std::string(32, 'a');
  examples.dim = 2;
  for (size_t i = 0; i < kMinBackgroundPictures; ++i) examples.background.push_back({0.6F, 0.8F});
  add_example(examples, "Cirno", {0.0F, 1.0F});
  add_example(examples, "Cirno", {1.0F, 0.0F});
  add_example(examples, "\"quoted\" \xC3\xA9", {-1.0F, 0.0F});
  return examples;
}

std::string refusal(const std::string& content) {
  try {
    parse_examples(content, "set.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kLabels);
    EXPECT_EQ(error.where(), "set.json");
    EXPECT_FALSE(error.remedy().empty());
    return error.message();
  }
  return "no error";
}

/// `content` with the first `from` replaced by `to`.
std::string changed(const std::string& from, const std::string& to) {
  std::string content = examples_json(example());
  const size_t at = content.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return content.replace(at, from.size(), to);
}

TEST(Examples, FileReadsWhatItWrote) {
  const SetExamples stored = parse_examples(examples_json(example()), "set.json");
  EXPECT_EQ(examples_json(stored), examples_json(example()));
  EXPECT_EQ(examples_fingerprint(stored), examples_fingerprint(example()));
  EXPECT_EQ(stored.labels[0].pictures, example().labels[0].pictures);
  const std::vector<float> fine{0.1234567F, -0.9923501F};
  const std::vector<float> kept = stored_embedding(fine.data(), 2);
  SetExamples one = example();
  add_example(one, "fine", kept);
  EXPECT_EQ(parse_examples(examples_json(one), "set.json").labels.back().pictures[0], kept);
}

TEST(Examples, HostileContentIsRefused) {
  for (const char* content : {"", "{", "[]", "null", "{}", "7", "[[[[[["})
    EXPECT_NE(refusal(content), "no error") << content;
  EXPECT_EQ(refusal(changed("\"format\": 1", "\"format\": 2")), "examples file of another format");
  const std::vector<std::pair<std::string, std::string>> changes{
      {"\"dim\": 2", "\"dim\": 3"},
      {"\"dim\": 2", "\"dim\": -2"},
      {"\"dim\": 2", "\"dim\": 1e300"},
      {"0.600000", "\"x\""},
      {"0.600000", "1e999"},
      {"0.600000", "0.9"},
      {"[0.600000,0.800000],", ""},
      {"[0.600000,0.800000]", "[]"},
      {"[0.600000,0.800000]", "{}"},
      {"aaaa", "aaa"},
      {"\"Cirno\"", "\"\""},
      {"\"Cirno\"", "\"a\\nb\""},
      {"\"Cirno\"", "\"a | say: b\""},
      {"\"Cirno\"", "\"\\\"quoted\\\" \xC3\xA9\""},
      {"\"Cirno\"", "7"},
      {"\"pictures\": [", "\"pictures\": 5, \"other\": ["},
      {"\"labels\": [", "\"labels\": [], \"other\": ["},
      {"\"set\": ", "\"sets\": "}};
  for (const auto& [from, to] : changes)
    EXPECT_NE(refusal(changed(from, to)), "no error") << from << " -> " << to;
}

TEST(Examples, EveryCutIsRefused) {
  const std::string content = examples_json(example());
  for (size_t length = 0; length + 2 < content.size(); ++length) {
    EXPECT_NE(refusal(content.substr(0, length)), "no error") << length;
  }
}

TEST(Examples, TheSamePictureCountsOnce) {
  SetExamples examples = example();
  EXPECT_FALSE(add_example(examples, "Cirno", {1.0F, 0.0F}));
  EXPECT_EQ(examples.labels[0].pictures.size(), 2U);
  EXPECT_TRUE(add_example(examples, "Rumia", {1.0F, 0.0F})) << "another label may have it";
  EXPECT_NE(examples_fingerprint(examples), examples_fingerprint(example()));
}

TEST(Examples, LimitsAreKept) {
  SetExamples examples = example();
  examples.labels[0].pictures.resize(kMaxExamplePictures);
  EXPECT_THROW(add_example(examples, "Cirno", {0.6F, 0.8F}), Error);
  examples.labels.resize(kMaxExampleLabels);
  EXPECT_THROW(add_example(examples, "one more", {0.6F, 0.8F}), Error);
}

TEST(Examples, LabelNamesAreThoseThatALabelFileCouldHold) {
  for (const char* good : {"Cirno", "Ferris the crab", "\xC3\xA9toile", "a|b | c"}) {
    EXPECT_EQ(is_label_name(good), std::string(good).find('|') == std::string::npos) << good;
  }
  for (const std::string& bad : {std::string(), std::string(" a"), std::string("a "), std::string("a\nb"),
                                 std::string("#a"), std::string("\xFF"), std::string(2000, 'a')}) {
    EXPECT_FALSE(is_label_name(bad)) << bad;
  }
}

TEST(Examples, NewLabelsGoBehindThoseOfTheSet) {
  LabelSet set = parse_label_set("category: c\nstatement: {a} {label}.\n---\nRumia\nCirno\n", "s", "s.txt");
  add_example_labels(set, example());
  ASSERT_EQ(set.labels.size(), 3U);
  EXPECT_EQ(set.labels[1].name, "Cirno");
  EXPECT_EQ(set.labels[2].name, "\"quoted\" \xC3\xA9");
}

}  // namespace
}  // namespace kiloword
