#include "kiloword/engine/engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <future>
#include <sstream>

#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::TemporaryFolder;

/// Stripes whose widths and colours depend on `seed`.
std::string drawn(int seed) {
  std::string text = "P3 64 48 255\n";
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      text += std::to_string((x * seed + y) % 256) + " " + std::to_string((y * 5 * seed) % 256) + " 90\n";
    }
  }
  return text;
}

/// What of a record does not differ from run to run.
template <typename Record>
std::string timeless(Record record) {
  record.ms = 0;
  return to_json(record);
}

class EngineTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    EngineOptions options;
    options.language_model = "nano-lm";
    options.compute.threads = 2;
    engine = std::make_unique<Engine>(Engine::open(options));
  }
  static void TearDownTestSuite() { engine.reset(); }

  std::vector<std::string> images(int count) const {
    std::vector<std::string> paths;
    for (int i = 1; i <= count; ++i) {
      paths.push_back(folder_.write(std::to_string(i) + ".ppm", drawn(i)).string());
    }
    return paths;
  }

  TemporaryFolder folder_;
  static std::unique_ptr<Engine> engine;
};

std::unique_ptr<Engine> EngineTest::engine;

TEST_F(EngineTest, CaptionsAreTheSameAloneInNumbersAndFromManyThreads) {
  const Captioner captioner = engine->captioner();
  const std::vector<std::string> paths = images(12);
  std::vector<std::string> alone;
  for (const std::string& path : paths) alone.push_back(timeless(captioner.caption_file(path)));
  std::vector<std::string> in_numbers;
  captioner.caption_files(paths,
                          [&](const CaptionRecord& record) { in_numbers.push_back(timeless(record)); });
  EXPECT_EQ(in_numbers, alone);
  std::vector<std::future<std::string>> threads;
  for (const std::string& path : paths) {
    threads.push_back(std::async(std::launch::async,
                                 [&, path] { return timeless(engine->captioner().caption_file(path)); }));
  }
  for (size_t i = 0; i < paths.size(); ++i) EXPECT_EQ(threads[i].get(), alone[i]);
}

TEST_F(EngineTest, DescriptionsTakeTurnsAndStayWhatTheyAre) {
  DescribeOptions options;
  options.search.tokens = 4;
  const Describer describer = engine->describer(options);
  const std::vector<std::string> paths = images(3);
  std::vector<std::string> alone;
  describer.describe_files(paths,
                           [&](const DescriptionRecord& record) { alone.push_back(timeless(record)); });
  std::vector<std::future<std::string>> threads;
  for (const std::string& path : paths) {
    threads.push_back(
        std::async(std::launch::async, [&, path] { return timeless(describer.describe_file(path)); }));
  }
  for (size_t i = 0; i < paths.size(); ++i) EXPECT_EQ(threads[i].get(), alone[i]);
}

TEST_F(EngineTest, ManyImagesGiveTheSameRecords) {
  EngineOptions options;
  options.compute.threads = 2;
  options.many_images = true;
  options.memory_bytes = 1;                                  // one after the other
  const Captioner many = Engine::open(options).captioner();  // outlives its engine
  const Captioner captioner = engine->captioner();
  many.caption_files(images(5), [&](const CaptionRecord& record) {
    EXPECT_EQ(timeless(record), timeless(captioner.caption_file(record.path)));
  });
  EXPECT_EQ(many.fingerprint(), captioner.fingerprint());
}

TEST_F(EngineTest, EmbeddingsHaveUnitLengthAndAreThoseOfTheBytes) {
  const std::string path = images(1).front();
  const Embeddings embedding = engine->embed_image_file(path);
  EXPECT_EQ(embedding.rows, 1);
  EXPECT_EQ(embedding.dim, engine->embedding_dim());
  EXPECT_EQ(engine->embed_image_bytes(drawn(1)).values, embedding.values);
  double squares = 0;
  for (const float value : embedding.values) squares += value * value;
  EXPECT_NEAR(squares, 1, 1e-4);
  EXPECT_EQ(engine->embed_texts({"a dog", "a cat"}).rows, 2);
}

TEST_F(EngineTest, AnImageThatCannotBeUsedIsARecordAndAWrongOptionIsThrown) {
  const CaptionRecord record = engine->captioner().caption_bytes("no image", "upload");
  ASSERT_TRUE(record.error);
  EXPECT_EQ(record.error->kind(), ErrorKind::kInput);
  EXPECT_EQ(record.path, "upload");
  EXPECT_THROW(engine->embed_image_file("absent.jpg"), Error);
  StatementChoices choices;
  choices.labels = {"no/such/set"};
  EXPECT_THROW(engine->captioner(choices), Error);
  DescribeOptions options;
  options.search.preset = "none";
  EXPECT_THROW(engine->describer(options), Error);
}

TEST(EngineOpen, SaysWhatIsMissing) {
  EngineOptions options;
  options.model = "no-such-model";
  try {
    Engine::open(options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_NE(error.remedy(), "");
  }
  EXPECT_THROW(Engine::open().describer(), Error);
}

/// Remembers what it hears.
class Listener : public Observer {
 public:
  void detail(const std::string& text) override { details.push_back(text); }
  std::vector<std::string> details;
};

TEST(EngineOpen, ItsObserverHearsOfModelsAndLabels) {
  Listener listener;
  const Engine engine = Engine::open({}, listener);
  ASSERT_EQ(listener.details.size(), 1U);
  EXPECT_EQ(listener.details.front().rfind("loaded model ", 0), 0U);
  engine.captioner();
  const size_t heard = listener.details.size();
  EXPECT_GT(heard, 1U);
  engine.captioner();  // its label sets are there already
  EXPECT_EQ(listener.details.size(), heard);
}

}  // namespace
}  // namespace kiloword
