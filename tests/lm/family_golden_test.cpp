// Families of language models against transformers and tokenizers; scripts/goldens/llama.py and
// causal_models.py made the goldens and say from what.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "kiloword/tokenizer/tokenizer.h"
#include "lm/model_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::family_golden;
using testing::ModelFolder;

using Ids = std::vector<int32_t>;

class FamilyGolden : public ::testing::TestWithParam<std::string> {
 protected:
  const json& golden() const { return family_golden(GetParam()); }

  void expect_runs(const std::string& precision, double tolerance) {
    const auto model = folder_.load(precision);
    for (const json& run : golden()["runs"]) {
      const Ids ids = run["ids"];
      const auto whole = model->start(ids);
      for (size_t i = 0; i < run["positions"].size(); ++i) {
        const auto position = run["positions"][i].get<int64_t>();
        const auto session = model->start({ids.begin(), ids.begin() + position + 1});
        expect_near(session->logprobs({0}), run["logprobs"][i], tolerance);
        expect_near(session->hidden(), run["hidden"][i], tolerance);
        const float* hidden = whole->prompt_hidden().data() + position * model->width();
        expect_near({hidden, hidden + model->width()}, run["hidden"][i], tolerance);
      }
    }
  }

  static void expect_near(const std::vector<float>& got, const std::vector<double>& expected,
                          double tolerance) {
    ASSERT_EQ(got.size(), expected.size());
    double largest = 0;
    for (size_t i = 0; i < got.size(); ++i) largest = std::max(largest, std::fabs(got[i] - expected[i]));
    EXPECT_LE(largest, tolerance);
  }

  ModelFolder folder_{GetParam()};
};

TEST_P(FamilyGolden, LogProbabilitiesEqualTransformers) {
  expect_runs("fp32", 1e-4);
}

TEST_P(FamilyGolden, Bfloat16IsClose) {
  expect_runs("bf16", 0.3);
}

TEST_P(FamilyGolden, IdsEqualTokenizers) {
  const auto model = folder_.load();
  for (const json& text : golden()["texts"]) {
    EXPECT_EQ(model->tokenizer().encode(text["text"].get<std::string>()), text["ids"].get<Ids>())
        << text["text"];
  }
  const Ids start = golden()["start"];
  const Ids begun = model->encode_prompt("a");
  EXPECT_EQ(Ids(begun.begin(), begun.end() - 1), start);
}

TEST_P(FamilyGolden, RowsThatBranchEqualEachAlone) {
  const auto model = folder_.load();
  std::mt19937 random(3);
  const auto session = model->start({7, 77, 200});
  std::vector<Ids> texts{{7, 77, 200}};
  for (int step = 0; step < 6; ++step) {
    std::vector<int64_t> parents;
    Ids ids;
    std::vector<Ids> next;
    const size_t count = 1 + random() % 9;
    for (size_t i = 0; i < count; ++i) {
      parents.push_back(static_cast<int64_t>(random() % texts.size()));
      ids.push_back(static_cast<int32_t>(random() % 300));
      next.push_back(texts[static_cast<size_t>(parents.back())]);
      next.back().push_back(ids.back());
    }
    session->extend(parents, ids);
    texts = next;
    for (size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(session->logprobs({static_cast<int64_t>(i)}), model->start(texts[i])->logprobs({0}))
          << step << " " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, FamilyGolden,
                         ::testing::Values("llama3", "smollm", "qwen2", "qwen3", "pythia", "neox_sequential",
                                           "opt", "opt_post_norm"),
                         [](const auto& family) { return family.param; });

}  // namespace
}  // namespace kiloword
