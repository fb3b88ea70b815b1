#include "kiloword/models/hub_cache.h"

#include <gtest/gtest.h>

#include <iterator>

#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

const std::string kCommit = "607a30d783dfa663caf39e06633721c8d4cfcd7e";

HubModel gpt2() {
  HubModel model = unregistered_model("openai-community/gpt2", "main");
  model.former_repositories = {"gpt2"};
  return model;
}

/// A snapshot as another program would have written it, with plain files for links.
void write_snapshot(const testing::TemporaryFolder& folder, const std::string& repository) {
  const std::string snapshot = repository + "/snapshots/" + kCommit + "/";
  folder.write(snapshot + "config.json", "{}");
  folder.write(snapshot + "model.safetensors", "weights");
}

TEST(HubCache, ASnapshotIsFoundByItsRef) {
  const testing::TemporaryFolder folder;
  const HubCache cache(folder.path());
  write_snapshot(folder, "models--openai-community--gpt2");
  EXPECT_FALSE(cache.find_snapshot(gpt2()).has_value());
  folder.write("models--openai-community--gpt2/refs/main", kCommit + "\n");
  EXPECT_EQ(cache.find_snapshot(gpt2()),
            folder.path() / "models--openai-community--gpt2" / "snapshots" / kCommit);
}

TEST(HubCache, APinnedCommitNeedsNoRef) {
  const testing::TemporaryFolder folder;
  write_snapshot(folder, "models--openai-community--gpt2");
  HubModel model = gpt2();
  model.revision = kCommit;
  EXPECT_TRUE(HubCache(folder.path()).find_snapshot(model).has_value());
}

TEST(HubCache, AFormerNameOfARepositoryCounts) {
  const testing::TemporaryFolder folder;
  write_snapshot(folder, "models--gpt2");
  folder.write("models--gpt2/refs/main", kCommit);
  EXPECT_EQ(HubCache(folder.path()).find_snapshot(gpt2()),
            folder.path() / "models--gpt2" / "snapshots" / kCommit);
}

TEST(HubCache, MainIsAsGoodAsTheCommitOfTheRegistry) {
  const testing::TemporaryFolder folder;
  write_snapshot(folder, "models--gpt2");
  folder.write("models--gpt2/refs/main", kCommit);
  HubModel model = gpt2();
  model.revision = std::string(40, 'a');
  EXPECT_FALSE(HubCache(folder.path()).find_snapshot(model).has_value()) << "a commit that a user asks for";
  model.in_registry = true;
  EXPECT_TRUE(HubCache(folder.path()).find_snapshot(model).has_value());
}

TEST(HubCache, PartOfAModelIsNoModel) {
  const testing::TemporaryFolder folder;
  const HubCache cache(folder.path());
  folder.write("models--gpt2/refs/main", kCommit);
  EXPECT_FALSE(cache.has_part_of(gpt2()));
  folder.write("models--gpt2/snapshots/" + kCommit + "/config.json", "{}");
  EXPECT_FALSE(cache.find_snapshot(gpt2()).has_value());
  EXPECT_TRUE(cache.has_part_of(gpt2()));
  const fs::path weights = folder.path() / "models--gpt2/snapshots" / kCommit / "model.safetensors";
  fs::create_symlink("../../blobs/gone", weights);
  EXPECT_FALSE(cache.find_snapshot(gpt2()).has_value()) << "a link that leads nowhere";
  folder.write("models--gpt2/blobs/gone", "weights");
  EXPECT_TRUE(cache.find_snapshot(gpt2()).has_value());
}

TEST(HubCache, ARefThatIsNoCommitIsNotFollowed) {
  const testing::TemporaryFolder folder;
  write_snapshot(folder, "models--gpt2");
  for (const std::string& ref : {std::string("../../../etc"), std::string(), std::string(40, 'z')}) {
    folder.write("models--gpt2/refs/main", ref);
    EXPECT_FALSE(HubCache(folder.path()).find_snapshot(gpt2()).has_value()) << ref;
  }
  EXPECT_FALSE(HubCache("").find_snapshot(gpt2()).has_value());
}

TEST(HubCache, LinksReplaceWhatIsThere) {
  const testing::TemporaryFolder folder;
  const HubCache cache(folder.path());
  const fs::path link = cache.snapshot("a/b", kCommit) / "config.json";
  cache.link_file("a/b", kCommit, "config.json", "one");
  EXPECT_EQ(fs::read_symlink(link), "../../blobs/one");
  cache.link_file("a/b", kCommit, "config.json", "two");
  EXPECT_EQ(fs::read_symlink(link), "../../blobs/two");
  const fs::directory_iterator files(link.parent_path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST(HubCache, RefsOfBranchesWithSlashes) {
  const testing::TemporaryFolder folder;
  const HubCache cache(folder.path());
  cache.write_ref("a/b", "refs/pr/3", kCommit);
  EXPECT_EQ(cache.commit_of("a/b", "refs/pr/3"), kCommit);
  EXPECT_TRUE(fs::exists(folder.path() / "models--a--b/refs/refs/pr/3"));
}

}  // namespace
}  // namespace kiloword
