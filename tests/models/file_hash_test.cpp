#include "models/file_hash.h"

#include <gtest/gtest.h>

#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

std::string hash_of(HashKind kind, const std::string& content) {
  FileHash hash(kind, content.size());
  hash.update(content.substr(0, content.size() / 2));
  hash.update(content.substr(content.size() / 2));
  return hash.finish();
}

// SHA-256 from FIPS 180-2, appendix B.1; git's from `git hash-object` (git 2.39).
TEST(FileHash, AgreesWithTheStandardAndWithGit) {
  EXPECT_EQ(hash_of(HashKind::kSha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_of(HashKind::kSha256, ""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash_of(HashKind::kGitBlobSha1, ""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  EXPECT_EQ(hash_of(HashKind::kGitBlobSha1, "hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST(FileHash, TheKindIsKnownByTheLength) {
  EXPECT_EQ(hash_kind_of(std::string(64, 'a')), HashKind::kSha256);
  EXPECT_EQ(hash_kind_of(std::string(40, '0')), HashKind::kGitBlobSha1);
  for (const char* name : {"", "abc", "main"}) EXPECT_FALSE(hash_kind_of(name).has_value());
  EXPECT_FALSE(hash_kind_of(std::string(64, 'A')).has_value());
}

TEST(FileHash, OfAFile) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(hash_file(folder.write("a", "hello\n"), HashKind::kGitBlobSha1),
            "ce013625030ba8dba906f756967f9e9ca394464a");
  EXPECT_THROW(hash_file(folder.path() / "b", HashKind::kSha256), Error);
  EXPECT_THROW(hash_file(folder.path(), HashKind::kSha256), Error);
}

}  // namespace
}  // namespace kiloword
