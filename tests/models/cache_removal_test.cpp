#include "kiloword/models/cache_removal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

const std::string kOld = std::string(40, 'a');
const std::string kNew = std::string(40, 'b');

/// A cache in which two revisions of owner/net share their configuration, as huggingface_hub leaves it.
class CacheRemoval : public ::testing::Test {
 protected:
  CacheRemoval() : cache_(folder_.path()) {
    add("config.json", kOld, "shared", "{}");
    add("model.safetensors", kOld, "weights-1", "1234567");
    add("config.json", kNew, "shared", "{}");
    add("model.safetensors", kNew, "weights-2", "12345");
    write("refs/v1", kOld);
    write("refs/main", kNew);
  }

  fs::path repository() const { return folder_.path() / "models--owner--net"; }
  fs::path write(const std::string& name, const std::string& content) const {
    return folder_.write("models--owner--net/" + name, content);
  }
  void add(const std::string& file, const std::string& commit, const std::string& blob,
           const std::string& content) const {
    write("blobs/" + blob, content);
    const fs::path link = repository() / "snapshots" / commit / file;
    fs::create_directories(link.parent_path());
    fs::create_symlink(fs::path("../../blobs") / blob, link);
  }
  std::vector<std::string> names(const std::vector<RemovedPath>& paths) const {
    std::vector<std::string> names;
    for (const RemovedPath& item : paths) {
      names.push_back(item.path.lexically_relative(folder_.path()).string() + " " +
                      std::to_string(item.size_bytes));
    }
    return names;
  }
  static fs::file_time_type after(std::chrono::hours age) { return fs::file_time_type::clock::now() + age; }
  Descriptor locked() const {
    const fs::path lock = folder_.write(".locks/models--owner--net/weights-3.lock", "");
    Descriptor file(::open(lock.c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_EQ(::flock(file.get(), LOCK_EX), 0);
    return file;
  }

  testing::TemporaryFolder folder_;
  HubCache cache_;
};

using Names = std::vector<std::string>;

TEST_F(CacheRemoval, WhatAnotherSnapshotNeedsStays) {
  const HubModel old = unregistered_model("owner/net", "v1");
  const auto paths = paths_of_model(old, cache_);
  EXPECT_EQ(names(paths),
            (Names{"models--owner--net/refs/v1 40", "models--owner--net/snapshots/" + kOld + " 0",
                   "models--owner--net/blobs/weights-1 7"}));
  remove_paths(paths);
  remove_paths(paths);  // a second time there is nothing to do
  EXPECT_TRUE(paths_of_model(old, cache_).empty());
  const fs::path kept = repository() / "snapshots" / kNew;
  EXPECT_TRUE(fs::exists(kept / "config.json"));
  EXPECT_TRUE(cache_.find_snapshot(unregistered_model("owner/net", "main")).has_value());
}

TEST_F(CacheRemoval, TheLastSnapshotTakesTheRepositoryWithIt) {
  remove_paths(paths_of_model(unregistered_model("owner/net", kOld), cache_));
  write("blobs/weights-3.incomplete", "123");
  EXPECT_EQ(names(paths_of_model(unregistered_model("owner/net", "main"), cache_)),
            Names{"models--owner--net 50"});  // blobs 2 + 5 + 3, a ref 40
}

TEST_F(CacheRemoval, AFormerNameIsOfTheModel) {
  HubModel model = unregistered_model("newowner/net", "v1");
  model.former_repositories = {"owner/net"};
  EXPECT_EQ(paths_of_model(model, cache_).size(), 3U);
}

TEST_F(CacheRemoval, OtherModelsStay) {
  EXPECT_TRUE(paths_of_model(unregistered_model("owner/other", "main"), cache_).empty());
  EXPECT_TRUE(paths_of_model(unregistered_model("owner/net", "v2"), cache_).empty());
  EXPECT_TRUE(paths_of_model(unregistered_model("owner/net", "main"), HubCache("")).empty());
}

TEST_F(CacheRemoval, WhatIsBeingFetchedIsLeftAlone) {
  write("blobs/weights-3.incomplete", "123");
  const auto later = after(2 * kLeftoverAge);
  EXPECT_EQ(leftover_paths(cache_, later).size(), 1U);
  const Descriptor lock = locked();
  EXPECT_TRUE(leftover_paths(cache_, later).empty());
  EXPECT_THROW(paths_of_model(unregistered_model("owner/net", "v1"), cache_), Error);
}

TEST_F(CacheRemoval, LeftoversAreOldAndUnlinked) {
  write("blobs/weights-3.incomplete", "123");
  write("blobs/weights-0", "1234");
  folder_.write("models--owner--broken/blobs/weights.incomplete", "12");
  folder_.write("datasets--owner--data/blobs/unlinked", "12");
  folder_.write("models--owner--empty", "a file");
  EXPECT_TRUE(leftover_paths(cache_, after(std::chrono::hours(0))).empty());
  EXPECT_EQ(names(leftover_paths(cache_, after(2 * kLeftoverAge))),
            (Names{"models--owner--broken 2", "models--owner--net/blobs/weights-0 4",
                   "models--owner--net/blobs/weights-3.incomplete 3"}));
  EXPECT_TRUE(leftover_paths(HubCache(""), after(2 * kLeftoverAge)).empty());
  EXPECT_TRUE(leftover_paths(HubCache(folder_.path() / "absent"), after(2 * kLeftoverAge)).empty());
}

TEST_F(CacheRemoval, WhatCannotBeReadIsNotTakenForUnlinked) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads every folder";
  const fs::path snapshot = repository() / "snapshots" / kNew;
  fs::permissions(snapshot, fs::perms::none);
  EXPECT_THROW(leftover_paths(cache_, after(2 * kLeftoverAge)), Error);
  fs::permissions(snapshot, fs::perms::owner_all);
}

TEST_F(CacheRemoval, LinksAreNotFollowed) {
  const fs::path outside = folder_.write("outside/precious", "12");
  fs::create_directory_symlink(outside.parent_path(), repository() / "snapshots" / kNew / "link");
  remove_paths(paths_of_model(unregistered_model("owner/net", "main"), cache_));
  EXPECT_TRUE(fs::exists(outside));
}

}  // namespace
}  // namespace kiloword
