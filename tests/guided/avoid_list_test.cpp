#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/guided/output_rules.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <typename Read>
std::string error_of(Read read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "no error";
}

std::string error_of_list(const std::string& content) {
  return error_of([&] { parse_avoid_list(content, "f.txt"); });
}

TEST(AvoidList, HoldsOnePhraseALine) {
  EXPECT_THAT(parse_avoid_list("cat\n\n# a comment\n  New York \t\n #indented\nlast", "f"),
              ElementsAre("cat", "New York", "last"));
  EXPECT_THAT(parse_avoid_list("\xEF\xBB\xBF"
                               "cat\r\ncaf\u00e9\r\n\r\n",
                               "f"),
              ElementsAre("cat", "caf\u00e9"));
  EXPECT_THAT(parse_avoid_list("", "f"), IsEmpty());
  EXPECT_THAT(parse_avoid_list("\xEF\xBB\xBF", "f"), IsEmpty());
  EXPECT_THAT(parse_avoid_list("# nothing\n\n", "f"), IsEmpty());
}

TEST(AvoidList, ErrorsNameFileAndLine) {
  EXPECT_EQ(error_of_list("cat\n\n***\n"),
            "phrase without a letter or digit, f.txt:3; write a word or a phrase");
  EXPECT_EQ(error_of_list("caf\xE9\n"), "phrase that is not UTF-8, f.txt:1; write it in UTF-8");
  EXPECT_EQ(error_of_list(std::string("\xFF\xFE"
                                      "c\0a\0",
                                      6)),
            "phrase that is not UTF-8, f.txt:1; write it in UTF-8");
  EXPECT_EQ(error_of_list("ok\n" + std::string(501, 'x')),
            "phrase of 501 bytes, f.txt:2; a phrase has at most 500");
}

TEST(AvoidList, IsReadFromAFile) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(read_avoid_file(folder.write("avoid.txt", "cat\ndog\n")), ElementsAre("cat", "dog"));
  const auto path = folder.path() / "missing.txt";
  EXPECT_EQ(error_of([&] { read_avoid_file(path); }), "no such file or directory, " + path.string());
  const auto large = folder.write("large.txt", std::string(kMaxAvoidFileBytes + 1, '\n'));
  EXPECT_THAT(error_of([&] { read_avoid_file(large); }), HasSubstr("larger than the limit of 4194304 bytes"));
}

}  // namespace
}  // namespace kiloword
