#include "kiloword/nn/weight_loader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "kiloword/base/error.h"
#include "nn/weights_file.h"
#include "support/message_of.h"

namespace kiloword {
namespace {

using testing::message_of;
using testing::NamedTensors;
using testing::WeightsFile;

/// What loading says when a network wants `specs` from `tensors`; the file's path is written as FILE.
std::string error_of(const NamedTensors& tensors, const std::vector<TensorSpec>& specs) {
  const WeightsFile weights(tensors);
  WeightLoader loader(weights.file());
  bool received = false;
  loader.request(specs, [&received](const std::vector<at::Tensor>&) { received = true; });
  try {
    loader.load();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_FALSE(received);
    std::string text = error.what();
    text.replace(text.find(weights.path()), weights.path().size(), "FILE");
    return text;
  }
  return "no error";
}

std::string misfit(const std::string& what) {
  return "tensors do not fit config.json (" + what +
         "), FILE; use the config.json that belongs to these weights";
}

TEST(WeightLoader, HandsOutFloatsOfEveryType) {
  const at::Tensor values = at::tensor({0.5F, -2.0F, 1024.0F});
  const WeightsFile weights({{"byte", at::zeros({1}, at::kHalf)},
                             {"f16", values.to(at::kHalf)},
                             {"f32", values},
                             {"bf16", values.to(at::kBFloat16)},
                             {"scalar", at::scalar_tensor(3.0F)}});
  WeightLoader loader(weights.file());
  std::vector<at::Tensor> got;
  loader.request({{"f32", {3}}, {"bf16", {3}}, {"f16", {3}}, {"scalar", {}}},
                 [&got](std::vector<at::Tensor> tensors) { got = std::move(tensors); });
  loader.ignore("byte");
  EXPECT_TRUE(got.empty());
  loader.load();
  ASSERT_EQ(got.size(), 4U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(got[i].scalar_type(), at::kFloat);
    EXPECT_TRUE(at::equal(got[i], values)) << i;
  }
  EXPECT_EQ(got[3].item<float>(), 3.0F);
}

TEST(WeightLoader, ReadsLargeTensorsIntoTheSameMemoryUnlessTheyAreKept) {
  constexpr int64_t kSide = 600;
  NamedTensors tensors;
  for (const char* name : {"a", "b", "c", "d"}) {
    tensors[name] = at::full({kSide, kSide}, static_cast<float>(tensors.size()));
  }
  const WeightsFile weights(tensors);
  WeightLoader loader(weights.file());
  std::vector<at::Tensor> kept;
  std::vector<const float*> places;
  for (const auto& [name, values] : tensors) {
    loader.request({{name, {kSide, kSide}}},
                   [&, &name = name, &values = values](std::vector<at::Tensor> read) {
                     EXPECT_TRUE(at::equal(read[0], values)) << name;
                     places.push_back(read[0].data_ptr<float>());
                     if (name == "b" || name == "d") kept.push_back(std::move(read[0]));
                   });
  }
  loader.load();
  ASSERT_EQ(places.size(), 4U);
  EXPECT_EQ(places[0], places[1]);
  EXPECT_NE(places[1], places[2]);
  EXPECT_TRUE(at::equal(kept.at(0), tensors["b"]));
  EXPECT_TRUE(at::equal(kept.at(1), tensors["d"]));
}

TEST(WeightLoader, ListsEverythingThatDoesNotFit) {
  const at::Tensor two = at::zeros({2});
  EXPECT_EQ(error_of({{"a", two}}, {{"a", {2}}, {"b", {2}}}), misfit("1 missing: b"));
  EXPECT_EQ(error_of({{"a", two}, {"x", two}, {"y", two}}, {{"a", {2}}}), misfit("2 unexpected: x, y"));
  EXPECT_EQ(error_of({{"a", two}}, {{"a", {2, 1}}}), misfit("1 mis-shaped: a [2] instead of [2, 1]"));
  EXPECT_EQ(error_of({{"a", two}}, {{"a", {}}}), misfit("1 mis-shaped: a [2] instead of []"));
  EXPECT_EQ(error_of({{"a", two}, {"x", two}}, {{"a", {3}}, {"b", {2}}}),
            misfit("1 missing: b; 1 unexpected: x; 1 mis-shaped: a [2] instead of [3]"));
}

TEST(WeightLoader, CutsLongLists) {
  std::vector<TensorSpec> specs;
  for (int i = 10; i < 30; ++i) specs.push_back({"t" + std::to_string(i), {1}});
  EXPECT_EQ(error_of({}, specs), misfit("20 missing: t10, t11, t12, t13, t14, t15, t16, t17 and 12 more"));
}

TEST(WeightLoader, PassesOverKnownBuffers) {
  const at::Tensor number = at::zeros({1}, at::kLong);
  EXPECT_EQ(error_of({{"a", at::zeros({2})},
                      {"text_model.embeddings.position_ids", number},
                      {"visual.bn1.num_batches_tracked", number},
                      {"input_resolution", number},
                      {"context_length", number},
                      {"vocab_size", number}},
                     {{"a", {2}}}),
            "no error");
}

TEST(WeightLoader, RefusesTypesAndValues) {
  EXPECT_EQ(error_of({{"a", at::zeros({2}, at::kLong)}}, {{"a", {2}}}),
            "tensor \"a\" is I64, only F64, F32, F16 and BF16 are supported, FILE; convert the model to F16 "
            "or F32");
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity}) {
    for (const at::ScalarType type : {at::kFloat, at::kHalf, at::kBFloat16}) {
      EXPECT_EQ(error_of({{"a", at::tensor({1.0F, bad, 2.0F}).to(type)}}, {{"a", {3}}}),
                "tensor \"a\" holds values that are not finite, FILE; download the model again");
    }
  }
  EXPECT_EQ(error_of({{"a", at::tensor({infinity, -infinity})}}, {{"a", {2}}}),
            "tensor \"a\" holds values that are not finite, FILE; download the model again");
  EXPECT_EQ(error_of({{"a", at::full({1000}, 3e38F)}}, {{"a", {1000}}}), "no error");
}

TEST(WeightLoader, ReadsRowsWithoutConvertingTheTable) {
  at::Tensor table = at::arange(12, at::kFloat).reshape({4, 3});
  table[1][2] = std::numeric_limits<float>::quiet_NaN();
  for (const at::ScalarType type : {at::kFloat, at::kHalf, at::kBFloat16, at::kDouble}) {
    const WeightsFile weights({{"table", table.to(type)}});
    WeightLoader loader(weights.file());
    const WeightLoader::RowReader rows = loader.rows({"table", {4, 3}});
    loader.load();
    EXPECT_TRUE(at::equal(rows({3, 0, 3}), table.index_select(0, at::tensor({3, 0, 3}))));
    EXPECT_EQ(rows({}).sizes(), (std::vector<int64_t>{0, 3}));
    EXPECT_EQ(message_of([&] { rows({0, 1}); }), "tensor \"table\" holds values that are not finite");
    EXPECT_EQ(message_of([&] { rows({4}); }), "no such row in table");
    EXPECT_EQ(message_of([&] { rows({-1}); }), "no such row in table");
  }
}

TEST(WeightLoader, HandsOutLaterWhatItHasChecked) {
  const WeightsFile weights({{"a", at::ones({2})}, {"b", at::full({2}, 2.0F)}});
  int got_a = 0;
  int got_b = 0;
  WeightLoader loader(weights.file());
  const WeightLoader::Rest rest = loader.later([&] {
    loader.request({{"b", {2}}}, [&](const std::vector<at::Tensor>&) { ++got_b; });
  });
  loader.request({{"a", {2}}}, [&](const std::vector<at::Tensor>&) { ++got_a; });
  loader.load();
  EXPECT_EQ(got_a, 1);
  EXPECT_EQ(got_b, 0);
  rest();
  rest();
  EXPECT_EQ(got_a, 1);
  EXPECT_EQ(got_b, 1);

  WeightLoader wrong(weights.file());
  wrong.later([&] { wrong.request({{"b", {3}}}, [](const std::vector<at::Tensor>&) {}); });
  wrong.rows({"c", {1, 1}});
  EXPECT_EQ(
      message_of([&] { wrong.load(); }),
      "tensors do not fit config.json (1 missing: c; 1 unexpected: a; 1 mis-shaped: b [2] instead of [3])");
}

TEST(WeightLoader, ReadsNothingOfAFileThatWasWrittenTo) {
  const WeightsFile weights({{"a", at::ones({2, 2})}});
  WeightLoader loader(weights.file());
  const WeightLoader::Reader reader = loader.reader({{"a", {2, 2}}});
  const WeightLoader::RowReader rows = loader.rows({"a", {2, 2}});
  const WeightLoader::Rest rest = loader.later([&] {
    loader.request({{"a", {2, 2}}}, [](const std::vector<at::Tensor>&) {});
  });
  loader.load();
  EXPECT_EQ(message_of([&] { rows({0}); }), "no error");
  std::filesystem::resize_file(weights.path(), 1);
  const std::string changed = "the file was written to while the model was in use";
  EXPECT_EQ(message_of([&] { reader(); }), changed);
  EXPECT_EQ(message_of([&] { rows({0}); }), changed);
  EXPECT_EQ(message_of([&] { rest(); }), changed);
}

}  // namespace
}  // namespace kiloword
