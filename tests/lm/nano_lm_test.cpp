// The bundled language model against its training code's numbers.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kiloword/lm/load_language_model.h"
#include "kiloword/model/language_model.h"

namespace kiloword {
namespace {

TEST(NanoLm, SaysWhatItsTrainingCodeSays) {
  const std::filesystem::path folder = std::filesystem::path(KILOWORD_SOURCE_DIR) / "models" / "nano-lm";
  std::ifstream file(folder / "reference.json");
  const auto cases = nlohmann::json::parse(file).at("cases");
  ASSERT_GE(cases.size(), 3U);
  ComputeOptions options;
  options.device = "cpu";
  const auto model = load_language_model(folder, options);
  for (const auto& entry : cases) {
    const auto ids = entry.at("ids").get<std::vector<int32_t>>();
    ASSERT_FALSE(entry.at("positions").empty());
    for (const auto& expected : entry.at("positions")) {
      const auto position = expected.at("position").get<std::ptrdiff_t>();
      const auto session = model->start({ids.begin(), ids.begin() + position + 1});
      const std::vector<float> logprobs = session->logprobs({0});
      const double logsumexp = expected.at("logsumexp");
      const auto logits = expected.at("logits_first_8").get<std::vector<double>>();
      for (size_t id = 0; id < logits.size(); ++id) EXPECT_NEAR(logprobs[id], logits[id] - logsumexp, 1e-4);
      const auto best = expected.at("best_3").get<std::vector<size_t>>();
      EXPECT_NEAR(logprobs[best[0]], expected.at("best_logit").get<double>() - logsumexp, 1e-4);
      EXPECT_GE(logprobs[best[0]], logprobs[best[1]]);
    }
  }
}

TEST(NanoLm, ReadsTextsAsItWasTrained) {
  const auto model =
      load_language_model(std::filesystem::path(KILOWORD_SOURCE_DIR) / "models" / "nano-lm", {});
  std::ifstream file(std::filesystem::path(KILOWORD_SOURCE_DIR) / "models" / "nano-lm" / "reference.json");
  const auto reference = nlohmann::json::parse(file);
  for (const auto& entry : reference.at("cases")) {
    EXPECT_EQ(model->encode_prompt(entry.at("text")), entry.at("ids").get<std::vector<int32_t>>());
  }
}

}  // namespace
}  // namespace kiloword
