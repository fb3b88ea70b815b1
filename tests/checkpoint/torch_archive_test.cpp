// The reader of PyTorch's files against PyTorch: scripts/goldens/torch_archives.py made the files and says
// with what.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "kiloword/base/error.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;

const std::string kData = std::string(KILOWORD_TESTS_DIR) + "/checkpoint/data/";

std::string content_of(const std::string& name) {
  std::ifstream file(kData + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

template <typename Value>
std::vector<double> read_as(std::string_view bytes) {
  std::vector<double> values;
  for (size_t i = 0; i + sizeof(Value) <= bytes.size(); i += sizeof(Value)) {
    Value value;
    std::memcpy(&value, bytes.data() + i, sizeof value);
    values.push_back(static_cast<double>(value));
  }
  return values;
}

double half_value(uint16_t bits) {
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  return exponent == 0 ? sign * std::ldexp(fraction, -24) : sign * std::ldexp(1024 + fraction, exponent - 25);
}

std::vector<double> values_of(const TensorView& view) {
  switch (view.type) {
    case TensorType::kF32:
      return read_as<float>(view.bytes);
    case TensorType::kI64:
      return read_as<int64_t>(view.bytes);
    case TensorType::kF16:
    case TensorType::kBF16: {
      std::vector<double> values = read_as<uint16_t>(view.bytes);
      for (double& value : values) {
        const auto bits = static_cast<uint16_t>(value);
        const uint32_t wide = uint32_t{bits} << 16;
        float as_bfloat = 0;
        std::memcpy(&as_bfloat, &wide, sizeof as_bfloat);
        value = view.type == TensorType::kF16 ? half_value(bits) : as_bfloat;
      }
      return values;
    }
    default:
      ADD_FAILURE() << "a type the goldens do not have";
      return {};
  }
}

void expect_golden(const std::string& file) {
  static const json kGolden = json::parse(content_of("golden.json"));
  const auto checkpoint = Checkpoint::open(kData + file);
  const json& expected = kGolden.at(file);
  for (const auto& [name, tensor] : expected.items()) {
    const TensorView* view = checkpoint->find(name);
    ASSERT_NE(view, nullptr) << name;
    EXPECT_EQ(view->shape, tensor["shape"].get<std::vector<int64_t>>()) << name;
    EXPECT_EQ(values_of(*view), tensor["values"].get<std::vector<double>>()) << name;
    checkpoint->release(view->bytes);
    EXPECT_EQ(values_of(*view), tensor["values"].get<std::vector<double>>()) << name << " after release";
  }
  EXPECT_EQ(checkpoint->tensors().size(), expected.size());
}

TEST(TorchArchive, StateDictWithViewsAndEveryType) {
  expect_golden("state_dict.pt");
}

TEST(TorchArchive, StateDictOfPyTorchBefore16) {
  expect_golden("legacy.pt");
}

TEST(TorchArchive, TrainingCheckpointGivesItsStateDictOnly) {
  expect_golden("training.pt");
}

TEST(TorchArchive, ScriptModuleGivesItsTensorsAndRunsNothing) {
  expect_golden("script.pt");
}

std::string error_of(const std::string& name, const std::string& bytes) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write(name, bytes).string();
  try {
    Checkpoint::open(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.where(), path);
    return error.message();
  }
  return "no error";
}

TEST(TorchArchive, SaysWhatIsNoCheckpoint) {
  EXPECT_EQ(error_of("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"),
            "a Git LFS pointer instead of the file");
  EXPECT_EQ(error_of("model.bin", "<!DOCTYPE html><html></html>"), "a web page instead of the file");
  EXPECT_EQ(error_of("m.pt", "PK\x03\x04"), "truncated zip archive");
  EXPECT_EQ(error_of("m.pt", "PK\x03\x04" + std::string(100, 'x')),
            "truncated zip archive: it has no directory");
}

TEST(TorchArchive, TruncatedAnywhereIsAnError) {
  const std::string whole = content_of("training.pt");
  for (size_t length = 4; length < whole.size(); length += 7) {
    EXPECT_NE(error_of("m.pt", whole.substr(0, length)), "no error") << length;
  }
}

/// Every byte of the archive but tensors' set to other values: an error or tensors, never a crash.
TEST(TorchArchive, ChangedBytesNeverCrash) {
  const testing::TemporaryFolder folder;
  const std::string whole = content_of("training.pt");
  size_t refused = 0;
  size_t bytes_given = 0;
  for (size_t at = 0; at < whole.size(); at += 3) {
    for (const char value : {'\x00', '\x2e', '\x7f', '\xff'}) {
      std::string bytes = whole;
      bytes[at] = value;
      const auto path = folder.write("m.pt", bytes);
      try {
        const auto checkpoint = Checkpoint::open(path);
        for (const auto& [name, view] : checkpoint->tensors()) bytes_given += view.bytes.size();
      } catch (const Error&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, whole.size() / 3);
  EXPECT_GT(bytes_given, 0U);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(TorchArchive, HostileParts) {
  const std::string whole = content_of("training.pt");
  EXPECT_EQ(error_of("m.pt", replaced(whole, "FloatStorage", "FlautStorage")),
            "tensor \"state_dict.module.f32\" has the unknown storage type \"torch FlautStorage\"");
  // The size [2, 2] of the first tensor made [255, 2]: the storage has four elements.
  EXPECT_EQ(
      error_of("m.pt", replaced(whole, std::string("K\x02K\x02\x86", 5), std::string("K\xffK\x02\x86", 5))),
      "tensor \"state_dict.module.f32\" reaches to element 510 of a storage that has 4");
  EXPECT_EQ(error_of("m.pt", replaced(whole, "_rebuild_tensor_v2", "_rebuild_tensor_v9")),
            "checkpoint holds no tensors");
  // A call of something else is only named, whatever it would do.
  EXPECT_EQ(error_of("m.pt", replaced(whole, "argparse\nNamespace", "posix\nsystem______")), "no error");
}

TEST(ShardIndex, JoinsFiles) {
  const testing::TemporaryFolder folder;
  folder.write("pytorch_model-1.bin", content_of("state_dict.pt"));
  folder.write("pytorch_model-2.bin", content_of("training.pt"));
  const auto open = [&](const std::string& index) {
    return Checkpoint::open(folder.write("pytorch_model.bin.index.json", index));
  };
  const auto checkpoint =
      open(R"({"weight_map": {"f32": "pytorch_model-2.bin", "scalar": "pytorch_model-1.bin"}})");
  EXPECT_EQ(checkpoint->tensors().size(), 2U);
  EXPECT_EQ(values_of(*checkpoint->find("scalar")), std::vector<double>{2.5});
  EXPECT_EQ(find_weights(folder.path()).filename(), "pytorch_model.bin.index.json");
  const auto error = [&](const std::string& index) -> std::string {
    try {
      open(index);
    } catch (const Error& caught) {
      return caught.message();
    }
    return "no error";
  };
  EXPECT_EQ(error(R"({"weight_map": {"scalar": "pytorch_model-2.bin"}})"),
            "tensor \"scalar\" is not in pytorch_model-2.bin, where the index has it");
  for (const char* name : {"\"../other.bin\"", "\"/etc/passwd\"", "\"\"", "7", "\".hidden\""}) {
    EXPECT_EQ(error("{\"weight_map\": {\"a\": " + std::string(name) + "}}"),
              "weight_map names no file beside it for tensor \"a\"");
  }
  EXPECT_EQ(error("[]"), "index of a checkpoint has no weight_map");
  EXPECT_EQ(error("{\"weight_map\": {}}"), "weight_map is empty");
  EXPECT_EQ(error(std::string(100, '[')), "index of a checkpoint has no weight_map");
}

}  // namespace
}  // namespace kiloword
