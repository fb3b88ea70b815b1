// The network against nanoGPT, an independent implementation; scripts/goldens/gpt2.py made the goldens and
// says from what.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lm/model_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::gpt2_golden;
using testing::ModelFolder;

constexpr double kLogprob = 1e-4;  // the two activations differ by more than 6e-4

std::vector<double> log_softmax(const std::vector<double>& logits) {
  const double highest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - highest);
  std::vector<double> logprobs;
  logprobs.reserve(logits.size());
  for (const double logit : logits) logprobs.push_back(logit - highest - std::log(sum));
  return logprobs;
}

double largest_difference(const std::vector<float>& got, const std::vector<double>& expected) {
  EXPECT_EQ(got.size(), expected.size());
  double largest = 0;
  for (size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
    largest = std::max(largest, std::fabs(got[i] - expected[i]));
  }
  return largest;
}

void expect_golden(const ModelFolder& folder, const std::string& key, const std::string& precision = "fp32",
                   double tolerance = kLogprob) {
  const auto model = folder.load(precision);
  for (const json& sequence : gpt2_golden()[key]) {
    const std::vector<int32_t> ids = sequence["ids"];
    const auto whole = model->start(ids);
    for (size_t i = 0; i < sequence["positions"].size(); ++i) {
      const auto position = sequence["positions"][i].get<int64_t>();
      const auto session = model->start({ids.begin(), ids.begin() + position + 1});
      EXPECT_LE(largest_difference(session->logprobs({0}), log_softmax(sequence["logits"][i])), tolerance);
      EXPECT_LE(largest_difference(session->hidden(), sequence["hidden"][i]), tolerance);
      const float* hidden = whole->prompt_hidden().data() + position * model->width();
      EXPECT_LE(largest_difference({hidden, hidden + model->width()}, sequence["hidden"][i]), tolerance);
    }
  }
}

TEST(Gpt2Golden, EqualsNanoGpt) {
  expect_golden(ModelFolder(), "gelu_new");
}

TEST(Gpt2Golden, WithTheExactGelu) {
  const ModelFolder folder;
  folder.configure("activation_function", "gelu");
  expect_golden(folder, "gelu");
}

TEST(Gpt2Golden, Bfloat16IsClose) {
  expect_golden(ModelFolder(), "gelu_new", "bf16", 0.3);
}

TEST(Gpt2Golden, NamesAsSavedWithTheOutputLayer) {
  const ModelFolder folder;
  folder.change_weights([](json& header, std::string& data) {
    json renamed = json::object();
    for (const auto& [name, entry] : header.items()) renamed["transformer." + name] = entry;
    const auto add = [&](const std::string& name, const std::string& type, const json& shape, size_t bytes) {
      renamed[name] = {
          {"dtype", type}, {"shape", shape}, {"data_offsets", {data.size(), data.size() + bytes}}};
      data.append(bytes, '\1');
    };
    renamed.erase("transformer.__metadata__");
    add("lm_head.weight", "F16", {257, 24}, size_t{2} * 257 * 24);
    for (const std::string layer : {"transformer.h.0.attn.", "transformer.h.1.attn."}) {
      add(layer + "bias", "U8", {1, 1, 32, 32}, size_t{32} * 32);
      add(layer + "masked_bias", "F32", json::array(), 4);
    }
    header = renamed;
  });
  expect_golden(folder, "gelu_new");
}

}  // namespace
}  // namespace kiloword
