#include "kiloword/models/hub_names.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

using namespace std::string_literals;

TEST(HubNames, RepositoryIds) {
  for (const auto& id : {"gpt2"s, "openai/clip-vit-base-patch32"s, "timm/resnet50_clip.openai"s, "a/b"s}) {
    EXPECT_TRUE(is_repository_id(id)) << id;
  }
  for (const auto& id : {""s, "/"s, "a/"s, "/a"s, "a/b/c"s, "../a"s, "a/.."s, "a/b..c"s, "a--b/c"s, "a/b--c"s,
                         "a b/c"s, "a/b\n"s, "a/b\0"s, "a/\xC3\xA9"s, ".a/b"s, "-a/b"s, "a/b?c"s, "a/b#c"s,
                         "a/" + std::string(97, 'x')}) {
    EXPECT_FALSE(is_repository_id(id)) << id;
  }
}

TEST(HubNames, Revisions) {
  for (const auto& revision : {"main"s, "v1.0"s, "refs/pr/3"s, std::string(40, 'a')}) {
    EXPECT_TRUE(is_revision(revision)) << revision;
  }
  for (const auto& revision : {""s, "../x"s, "a/../b"s, "/a"s, "a/"s, "a//b"s, "a b"s, "a\nb"s, "@"s}) {
    EXPECT_FALSE(is_revision(revision)) << revision;
  }
}

TEST(HubNames, FilesAndBlobs) {
  EXPECT_TRUE(is_plain_file_name("model-00001-of-00002.safetensors"));
  for (const auto& name :
       {""s, "."s, ".."s, "a/b"s, "/a"s, ".hidden"s, "a\0b"s, "a\\b"s, "-rf"s, std::string(201, 'a')}) {
    EXPECT_FALSE(is_plain_file_name(name)) << name;
    EXPECT_FALSE(is_blob_name(name)) << name;
  }
  EXPECT_TRUE(is_blob_name("d41d8cd98f00b204e9800998ecf8427e-17"));
  EXPECT_FALSE(is_blob_name("abc.incomplete"));
  EXPECT_FALSE(is_blob_name("abc.lock"));
}

TEST(HubNames, References) {
  HubReference reference;
  ASSERT_TRUE(parse_hub_reference("owner/name", reference));
  EXPECT_EQ(reference.repository + " " + reference.revision, "owner/name main");
  ASSERT_TRUE(parse_hub_reference("owner/name@refs/pr/3", reference));
  EXPECT_EQ(reference.repository + " " + reference.revision, "owner/name refs/pr/3");
  for (const char* text :
       {"name", "owner/name@", "owner/name@../x", "a/b/c", "./name", "@", "owner/name@a@b"}) {
    EXPECT_FALSE(parse_hub_reference(text, reference)) << text;
  }
}

}  // namespace
}  // namespace kiloword
