#include "kiloword/checkpoint/safetensors.h"

#include <gmock/gmock.h>

#include "checkpoint/checkpoint_builder.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::checkpoint_bytes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::raw_bytes;

TEST(Safetensors, GivesTensorsByName) {
  const std::string bytes = checkpoint_bytes(
      R"({"__metadata__":{"format":"pt","dtype":"any"},)"
      R"("b":{"dtype":"F32","shape":[2,1],"data_offsets":[2,10]},"a":{"dtype":"F16","shape":[],"data_offsets":[0,2]}})",
      std::string("\x00\x3C", 2) + raw_bytes<float>({1.5F, -2.0F}));
  const auto tensors = parse_safetensors(bytes);
  ASSERT_EQ(tensors.size(), 2U);
  EXPECT_EQ(tensors.at("a").type, TensorType::kF16);
  EXPECT_THAT(tensors.at("a").shape, IsEmpty());
  EXPECT_EQ(tensors.at("a").bytes, std::string_view("\x00\x3C", 2));
  EXPECT_EQ(tensors.at("b").type, TensorType::kF32);
  EXPECT_THAT(tensors.at("b").shape, ElementsAre(2, 1));
  EXPECT_EQ(tensors.at("b").bytes, raw_bytes<float>({1.5F, -2.0F}));
}

TEST(Safetensors, TakesPaddedHeadersEmptyTensorsAndEveryType) {
  const auto empty = parse_safetensors(checkpoint_bytes("{}   ", ""));
  EXPECT_THAT(empty, IsEmpty());
  const auto hollow =
      parse_safetensors(checkpoint_bytes(R"({"x":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}})", ""));
  EXPECT_THAT(hollow.at("x").shape, ElementsAre(0, 3));
  const std::vector<std::pair<std::string, int>> types{
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2}, {"F8_E5M2", 1},
      {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4},     {"I64", 8}, {"U64", 8}, {"F64", 8}};
  for (const auto& [name, size] : types) {
    const std::string header = R"({"x":{"dtype":")" + name + R"(","shape":[3],"data_offsets":[0,)" +
                               std::to_string(3 * size) + "]}}";
    const auto tensors =
        parse_safetensors(checkpoint_bytes(header, std::string(static_cast<size_t>(3 * size), 'x')));
    EXPECT_EQ(tensor_type_name(tensors.at("x").type), name);
  }
}

TEST(Safetensors, MapsAFile) {
  const testing::TemporaryFolder folder;
  const auto path =
      folder.write("model.safetensors",
                   checkpoint_bytes(R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", "hi"));
  const auto checkpoint = Checkpoint::open(path);
  const Checkpoint& file = *checkpoint;
  ASSERT_NE(file.find("x"), nullptr);
  EXPECT_EQ(file.find("x")->bytes, "hi");
  EXPECT_EQ(file.find("y"), nullptr);
  EXPECT_EQ(file.path(), path);
}

}  // namespace
}  // namespace kiloword
