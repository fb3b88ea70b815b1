#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "lm/gpt2.h"
#include "lm/model_folder.h"

namespace kiloword {
namespace {

using testing::error_of;
using testing::ModelFolder;

using Ids = std::vector<int32_t>;
using Row = std::vector<float>;

const Ids kPrompt{7, 77, 200};
constexpr size_t kUnigramEntries = 142;  // of tests/tokenizer/data/tiny_unigram.model

Row hidden_row(const LmSession& session, const LanguageModel& model, int64_t row) {
  const auto begin = session.hidden().begin() + row * model.width();
  return {begin, begin + model.width()};
}

class Gpt2SessionTest : public ::testing::Test {
 protected:
  /// Every row of `session` must be, to the bit, what its text gives on its own.
  void expect_rows(const LmSession& session, const std::vector<Ids>& texts) {
    ASSERT_EQ(session.rows(), static_cast<int64_t>(texts.size()));
    for (size_t i = 0; i < texts.size(); ++i) {
      const auto row = static_cast<int64_t>(i);
      EXPECT_EQ(session.length(), static_cast<int64_t>(texts[i].size()));
      const auto alone = model_->start(texts[i]);
      EXPECT_EQ(session.logprobs({row}), alone->logprobs({0})) << "row " << i;
      EXPECT_EQ(hidden_row(session, *model_, row), alone->hidden()) << "row " << i;
    }
  }

  ModelFolder folder_;
  std::unique_ptr<LanguageModel> model_ = folder_.load();
};

TEST_F(Gpt2SessionTest, StepByStepEqualsTheWhole) {
  Ids text{kPrompt[0]};
  const auto session = model_->start(text);
  for (const int32_t id : {77, 200, 7, 31, 0, 255, 256, 1}) {
    session->extend({0}, {id});
    text.push_back(id);
    expect_rows(*session, {text});
  }
}

TEST_F(Gpt2SessionTest, RowsBranchAndAreForgotten) {
  std::mt19937 random(3);
  const auto session = model_->start(kPrompt);
  std::vector<Ids> texts{kPrompt};
  for (int step = 0; step < 12; ++step) {
    std::vector<int64_t> parents;
    Ids ids;
    std::vector<Ids> next;
    const size_t count =
        1 + random() % 9;  // often more and often fewer than before, parents twice or not at all
    for (size_t i = 0; i < count; ++i) {
      parents.push_back(static_cast<int64_t>(random() % texts.size()));
      ids.push_back(static_cast<int32_t>(random() % 257));
      next.push_back(texts[static_cast<size_t>(parents.back())]);
      next.back().push_back(ids.back());
    }
    session->extend(parents, ids);
    texts = next;
    expect_rows(*session, texts);
  }
}

TEST_F(Gpt2SessionTest, ManyCandidatesEqualEachAlone) {
  const auto session = model_->start(kPrompt);
  std::vector<int64_t> parents(45, 0);
  Ids ids;
  std::vector<Ids> texts;
  std::vector<int64_t> rows;
  for (int32_t i = 0; i < 45; ++i) {
    ids.push_back(5 * i);
    texts.push_back({kPrompt[0], kPrompt[1], kPrompt[2], 5 * i});
    rows.push_back(i);
  }
  session->extend(parents, ids);
  expect_rows(*session, texts);
  const Row all = session->logprobs(rows);
  ASSERT_EQ(all.size(), 45U * 257U);
  EXPECT_EQ(Row(all.begin() + int64_t{7} * 257, all.begin() + int64_t{8} * 257), session->logprobs({7}));
  EXPECT_EQ(session->logprobs({7, 3, 7}).size(), 3U * 257U);
}

TEST_F(Gpt2SessionTest, LogprobsAreProbabilities) {
  const Row logprobs = model_->start(kPrompt)->logprobs({0});
  double sum = 0;
  for (const float logprob : logprobs) sum += std::exp(static_cast<double>(logprob));
  EXPECT_NEAR(sum, 1.0, 1e-5);
}

TEST_F(Gpt2SessionTest, ThePromptsHiddenStatesStay) {
  const auto session = model_->start(kPrompt);
  const Row before = session->prompt_hidden();
  ASSERT_EQ(static_cast<int64_t>(before.size()), 3 * model_->width());
  EXPECT_EQ(Row(before.end() - model_->width(), before.end()), session->hidden());
  session->extend({0, 0}, {1, 2});
  session->extend({1}, {3});
  EXPECT_EQ(session->prompt_hidden(), before);
}

TEST_F(Gpt2SessionTest, SessionsDoNotDisturbEachOther) {
  const auto a = model_->start(kPrompt);
  const auto b = model_->start({1, 2});
  a->extend({0}, {9});
  b->extend({0, 0}, {8, 9});
  expect_rows(*a, {{7, 77, 200, 9}});
  expect_rows(*b, {{1, 2, 8}, {1, 2, 9}});
}

TEST_F(Gpt2SessionTest, NothingIsLeftOfNoRows) {
  const auto session = model_->start(kPrompt);
  EXPECT_TRUE(session->logprobs({}).empty());
  session->extend({}, {});
  EXPECT_EQ(session->rows(), 0);
  EXPECT_TRUE(session->hidden().empty());
}

TEST_F(Gpt2SessionTest, TheContextIsALimit) {
  const Ids full(32, 5);
  const auto session = model_->start(full);
  EXPECT_EQ(error_of(folder_, [&] { session->extend({0}, {1}); }),
            "input: the text has the 32 tokens that the language model takes, MODEL; ask for fewer tokens or "
            "shorten "
            "the prompt");
  expect_rows(*session, {full});
  EXPECT_EQ(error_of(folder_, [&] { model_->start(Ids(33, 5)); }),
            "input: the prompt has 33 tokens, the language model takes 32, MODEL; shorten the prompt");
  EXPECT_EQ(model_->context_length(), 32);
}

TEST_F(Gpt2SessionTest, CallersMistakesAreErrors) {
  const auto session = model_->start(kPrompt);
  EXPECT_THROW(session->extend({1}, {5}), Error);
  EXPECT_THROW(session->extend({-1}, {5}), Error);
  EXPECT_THROW(session->extend({0}, {257}), Error);
  EXPECT_THROW(session->extend({0}, {-1}), Error);
  EXPECT_THROW(session->extend({0, 0}, {5}), Error);
  EXPECT_THROW(session->logprobs({1}), Error);
  EXPECT_THROW(model_->start({}), Error);
  expect_rows(*session, {kPrompt});
}

TEST_F(Gpt2SessionTest, PromptsBeginAsTheModelWantsThem) {
  EXPECT_EQ(model_->end_id(), 256);
  EXPECT_EQ(model_->encode_prompt(""), Ids{256});
  EXPECT_EQ(model_->encode_prompt("!a"), (Ids{0, 64}));
  EXPECT_EQ(model_->tokenizer().decode({0, 64}), "!a");
}

TEST(Gpt2LanguageModel, AStartTokenStandsBeforeEveryText) {
  const ModelFolder folder;
  folder.remove("vocab.json");
  folder.write("tokenizer.model",
               read_file(std::filesystem::path(KILOWORD_TESTS_DIR) / "tokenizer/data/tiny_unigram.model",
                         1 << 20, ErrorKind::kInput));
  folder.change_weights(
      [](nlohmann::json& header, std::string&) {  // the other rows become a tensor that is ignored
        nlohmann::json& tokens = header["wte.weight"];
        const size_t begin = tokens["data_offsets"][0];
        const size_t middle = begin + kUnigramEntries * 24 * 2;
        header["lm_head.weight"] = {{"dtype", "F16"}, {"shape", {257 - kUnigramEntries, 24}}};
        header["lm_head.weight"]["data_offsets"] = {middle, tokens["data_offsets"][1]};
        tokens["shape"] = {kUnigramEntries, 24};
        tokens["data_offsets"] = {begin, middle};
      });
  folder.configure("vocab_size", kUnigramEntries);
  folder.configure("bos_token_id", 1);
  folder.configure("eos_token_id", 2);
  const auto model = folder.load();
  EXPECT_EQ(model->end_id(), 2);
  EXPECT_EQ(model->encode_prompt(""), Ids{1});
  const Ids ids = model->encode_prompt("a dog");
  EXPECT_EQ(ids.front(), 1);
  EXPECT_EQ(Ids(ids.begin() + 1, ids.end()), model->tokenizer().encode("a dog"));
  EXPECT_EQ(model->start(ids)->logprobs({0}).size(), kUnigramEntries);
}

TEST(Gpt2Network, ThreadsDoNotChangeABit) {
  const ModelFolder folder;
  const auto file = Checkpoint::open(folder.path() / "model.safetensors");
  const Gpt2Config config = read_gpt2_config(folder.path() / "config.json");
  std::vector<at::Tensor> results;
  for (const int threads : {1, 2, 3}) {
    const Compute compute = make_compute("cpu", "fp32", threads);
    compute.apply_threads();
    WeightLoader loader(file);
    const Gpt2 network(loader, compute, config, "");
    loader.load();
    TokenTreeCache cache = network.make_cache();
    Ids ids;
    std::vector<int64_t> parents;
    for (int32_t i = 0; i < 60; ++i) {  // a trunk of 20 nodes, then branches
      ids.push_back(i * 4);
      parents.push_back(i < 20 ? i - 1 : i % 20);
    }
    cache.append(parents);
    const at::Tensor hidden = network.extend(cache, ids);
    results.push_back(at::cat({hidden, network.logprobs(hidden)}, 1));
  }
  EXPECT_TRUE(at::equal(results[0], results[1]));
  EXPECT_TRUE(at::equal(results[0], results[2]));
}

}  // namespace
}  // namespace kiloword
