#include <gtest/gtest.h>

#include <fstream>

#include "checkpoint/checkpoint_builder.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/checkpoint/safetensors.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::checkpoint_bytes;

constexpr const char* kRemedy = "; download the model again";

std::string error_of(std::string_view bytes) {
  try {
    parse_safetensors(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    return error.what();
  }
  return "no error";
}

/// The error for a header whose one tensor `x` has these fields, before four bytes of data.
std::string error_of_entry(const std::string& fields) {
  return error_of(checkpoint_bytes("{\"x\":" + fields + "}", "data"));
}

struct Case {
  std::string header;
  std::string data;
  std::string error;
};

TEST(HostileCheckpoint, Lengths) {
  EXPECT_EQ(error_of(""), std::string("empty checkpoint") + kRemedy);
  EXPECT_EQ(error_of("\x02"), std::string("truncated checkpoint: no header length") + kRemedy);
  EXPECT_EQ(error_of(std::string_view("\x02\0\0\0\0\0\0", 7)),
            std::string("truncated checkpoint: no header length") + kRemedy);
  EXPECT_EQ(error_of(std::string_view("\x03\0\0\0\0\0\0\0{}", 10)),
            std::string("truncated checkpoint: the tensor header claims 3 bytes, 2 are left") + kRemedy);
  EXPECT_EQ(
      error_of(std::string_view("\x00\xE1\xF5\x05\0\0\0\0{}", 10)),
      std::string("truncated checkpoint: the tensor header claims 100000000 bytes, 2 are left") + kRemedy);
  EXPECT_EQ(error_of(std::string_view("\x01\xE1\xF5\x05\0\0\0\0{}", 10)),
            std::string("tensor header claims 100000001 bytes, more than the limit of 100000000") + kRemedy);
  EXPECT_EQ(error_of(std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF{}", 10)),
            std::string("tensor header claims 18446744073709551615 bytes, more than the limit of 100000000") +
                kRemedy);
}

TEST(HostileCheckpoint, Headers) {
  const std::string not_json = std::string("tensor header is not valid JSON") + kRemedy;
  for (const std::string header :
       {"", "x", "{", "{\"x\":", "{}}", "{\"x\":{\"dtype\":\"F32\",}}", "\xFF", "{\"\xC3\":{}}"}) {
    EXPECT_EQ(error_of(checkpoint_bytes(header, "data")), not_json) << header;
  }
  const std::string no_object = std::string("tensor header is not a JSON object") + kRemedy;
  for (const std::string header : {"[]", "null", "3", "\"x\"", "[{}]"}) {
    EXPECT_EQ(error_of(checkpoint_bytes(header, "data")), no_object) << header;
  }
  EXPECT_EQ(error_of(checkpoint_bytes(R"({"x":)" + std::string(100000, '[') + "}", "")),
            std::string("tensor header is nested too deeply") + kRemedy);
  EXPECT_EQ(error_of(checkpoint_bytes(R"({"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                                      R"("x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
                                      "data")),
            std::string("tensor header has \"x\" twice") + kRemedy);
  EXPECT_EQ(error_of(checkpoint_bytes("{}", "data")),
            std::string("checkpoint has bytes that belong to no tensor at its end") + kRemedy);
}

TEST(HostileCheckpoint, Entries) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"3", "tensor \"x\" has an entry that is not an object"},
      {"[1]", "tensor \"x\" has an entry that is not an object"},
      {"{}", "tensor \"x\" has no dtype"},
      {R"({"dtype":"U8","data_offsets":[0,4]})", "tensor \"x\" has no shape"},
      {R"({"dtype":"U8","shape":[4]})", "tensor \"x\" has no data_offsets"},
      {R"({"dtype":"U8","dtype":"F32","shape":[4],"data_offsets":[0,4]})",
       "tensor header has \"dtype\" twice"},
      {R"({"dtype":3,"shape":[4],"data_offsets":[0,4]})", "tensor \"x\" has a dtype that is not a string"},
      {R"({"dtype":"F31","shape":[4],"data_offsets":[0,4]})", "tensor \"x\" has the unknown dtype \"F31\""},
      {R"({"dtype":"U8","shape":4,"data_offsets":[0,4]})", "tensor \"x\" has a shape that is not a list"},
      {R"({"dtype":"U8","shape":[-4],"data_offsets":[0,4]})",
       "tensor \"x\" has a shape with a dimension that is not a whole number >= 0"},
      {R"({"dtype":"U8","shape":[4.0],"data_offsets":[0,4]})",
       "tensor \"x\" has a shape with a dimension that is not a whole number >= 0"},
      {R"({"dtype":"U8","shape":[[4]],"data_offsets":[0,4]})",
       "tensor \"x\" has a shape with a dimension that is not a whole number >= 0"},
      {R"({"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,4]})",
       "tensor \"x\" has a shape with a dimension that is not a whole number >= 0"},
      {R"({"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,4]})",
       "tensor \"x\" has a shape that overflows"},
      {R"({"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]})",
       "tensor \"x\" has a shape that overflows"},
      {R"({"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]})",
       "tensor \"x\" has a shape that overflows"},
      {R"({"dtype":"U8","shape":[4],"data_offsets":[0]})",
       "tensor \"x\" has data_offsets that are not a pair"},
      {R"({"dtype":"U8","shape":[4],"data_offsets":"04"})",
       "tensor \"x\" has data_offsets that are not a pair"},
      {R"({"dtype":"U8","shape":[4],"data_offsets":[-1,3]})",
       "tensor \"x\" has a data offset that is not a whole number >= 0"},
      {R"({"dtype":"U8","shape":[4],"data_offsets":[0,"4"]})",
       "tensor \"x\" has a data offset that is not a whole number >= 0"},
      {R"({"dtype":"U8","shape":[4],"data_offsets":[4,0]})", "tensor \"x\" ends before it begins"},
      {R"({"dtype":"U8","shape":[5],"data_offsets":[0,5]})",
       "truncated checkpoint: tensor \"x\" ends at byte 5 of 4"},
      {R"({"dtype":"U8","shape":[4],"data_offsets":[18446744073709551612,18446744073709551615]})",
       "truncated checkpoint: tensor \"x\" ends at byte 18446744073709551615 of 4"},
      {R"({"dtype":"U8","shape":[3],"data_offsets":[0,4]})",
       "tensor \"x\" has 4 bytes where its shape asks for 3"},
      {R"({"dtype":"F32","shape":[4],"data_offsets":[0,4]})",
       "tensor \"x\" has 4 bytes where its shape asks for 16"},
      {R"({"dtype":"U8","shape":[],"data_offsets":[0,4]})",
       "tensor \"x\" has 4 bytes where its shape asks for 1"},
      {R"({"dtype":"U8","shape":[3],"data_offsets":[1,4]})",
       "checkpoint has bytes that belong to no tensor before \"x\""},
      {R"({"dtype":"U8","shape":[3],"data_offsets":[0,3]})",
       "checkpoint has bytes that belong to no tensor at its end"},
  };
  for (const auto& [entry, error] : cases) EXPECT_EQ(error_of_entry(entry), error + kRemedy) << entry;
  std::string long_list = "0";
  for (int i = 0; i < 100; ++i) long_list += ",0";
  EXPECT_EQ(error_of_entry(R"({"dtype":"U8","shape":[)" + long_list + R"(],"data_offsets":[0,4]})"),
            std::string("tensor \"x\" has a list that is too long") + kRemedy);
}

TEST(HostileCheckpoint, Overlaps) {
  const auto two = [](const std::string& a, const std::string& b) {
    return error_of(checkpoint_bytes(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":)" + a +
                                         R"(},"b":{"dtype":"U8","shape":[3],"data_offsets":)" + b + "}}",
                                     "12345"));
  };
  EXPECT_EQ(two("[0,3]", "[2,5]"), std::string("tensors \"a\" and \"b\" overlap") + kRemedy);
  EXPECT_EQ(two("[2,5]", "[0,3]"), std::string("tensors \"b\" and \"a\" overlap") + kRemedy);
  EXPECT_EQ(two("[0,3]", "[0,3]"), std::string("tensors \"a\" and \"b\" overlap") + kRemedy);
}

TEST(HostileCheckpoint, NamesStayOneLine) {
  EXPECT_EQ(error_of(checkpoint_bytes("{\"a\\nb\\u001b[31m\":{}}", "")),
            std::string("tensor \"a\xEF\xBF\xBD"
                        "b\xEF\xBF\xBD[31m\" has no dtype") +
                kRemedy);
}

TEST(HostileCheckpoint, Files) {
  const testing::TemporaryFolder folder;
  const auto file_error = [](const std::filesystem::path& path) -> std::string {
    try {
      Checkpoint::open(path);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kModel);
      return error.what();
    }
    return "no error";
  };
  const std::string missing = (folder.path() / "missing.safetensors").string();
  EXPECT_EQ(file_error(missing), "no such file or directory, " + missing);
  EXPECT_EQ(file_error(folder.path()), "is a directory, " + folder.path().string());
  const std::string empty = folder.write("empty.safetensors", "").string();
  EXPECT_EQ(file_error(empty), "empty checkpoint, " + empty + kRemedy);
  EXPECT_EQ(file_error("/dev/null"), "not a regular file, /dev/null");
  const std::string pickle = folder.write("pytorch.safetensors", "PK\x03\x04\x01\x01\x01\x01\x01").string();
  EXPECT_EQ(file_error(pickle), "truncated zip archive, " + pickle + kRemedy);
}

/// A header as long as the format allows is read, and given up where it goes wrong.
TEST(HostileCheckpoint, LongestHeader) {
  std::string header = "{x";
  header.append(kMaxSafetensorsHeaderBytes - header.size(), ' ');
  EXPECT_EQ(error_of(checkpoint_bytes(header, "")), std::string("tensor header is not valid JSON") + kRemedy);
}

}  // namespace
}  // namespace kiloword
