#include <sys/stat.h>

#include <algorithm>
#include <future>
#include <set>
#include <thread>

#include "models/pull_fixture.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;

std::set<std::string> tree_of(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    std::string name = entry.path().lexically_relative(folder).string();
    if (entry.is_symlink()) {
      name += " -> " + fs::read_symlink(entry.path()).string();
    } else if (entry.is_directory()) {
      continue;
    }
    names.insert(name);
  }
  return names;
}

TEST_F(PullTest, TheCacheIsLaidOutAsHuggingfaceHubDoes) {
  const PullResult result = pull();
  const std::string commit = FakeHub::kCommit;
  EXPECT_EQ(result.folder, repository() / "snapshots" / commit);
  EXPECT_GT(result.fetched_bytes, 300000U);
  const std::string config = hub_.blob_name("config.json");
  const std::string merges = hub_.blob_name("merges.txt");
  const std::string weights_blob = hub_.blob_name("model.safetensors");
  EXPECT_EQ(config.size(), 40U);
  EXPECT_EQ(weights_blob.size(), 64U);
  EXPECT_EQ(
      tree_of(settings_.cache_folder),
      (std::set<std::string>{
          ".locks/models--owner--tiny/" + config + ".lock",
          ".locks/models--owner--tiny/" + merges + ".lock",
          ".locks/models--owner--tiny/" + weights_blob + ".lock",
          "models--owner--tiny/blobs/" + config,
          "models--owner--tiny/blobs/" + merges,
          "models--owner--tiny/blobs/" + weights_blob,
          "models--owner--tiny/refs/main",
          "models--owner--tiny/snapshots/" + commit + "/config.json -> ../../blobs/" + config,
          "models--owner--tiny/snapshots/" + commit + "/merges.txt -> ../../blobs/" + merges,
          "models--owner--tiny/snapshots/" + commit + "/model.safetensors -> ../../blobs/" + weights_blob,
      }));
  expect_whole_model();
  EXPECT_EQ(cache().find_snapshot(listed_model()), result.folder);
}

TEST_F(PullTest, SizeAndLicenceAreToldBeforeAnyWeightIsFetched) {
  pull();
  ASSERT_EQ(diary_.plans.size(), 1U);
  const PullPlan& plan = diary_.plans[0];
  EXPECT_EQ(plan.repository, "owner/tiny");
  EXPECT_EQ(plan.license, "MIT");
  EXPECT_EQ(plan.commit, FakeHub::kCommit);
  EXPECT_EQ(plan.files, 3U);
  EXPECT_EQ(plan.total_bytes, 300000U + 22 + 4);
  EXPECT_EQ(plan.missing_bytes, plan.total_bytes);
  EXPECT_EQ(diary_.last.done_bytes, plan.total_bytes);
  EXPECT_EQ(diary_.last.total_bytes, plan.total_bytes);
}

TEST_F(PullTest, WhatIsThereIsNotFetchedAgain) {
  pull();
  const int requests = hub_.count("GET");
  const uint64_t bytes = hub_.storage().body_bytes_sent();
  EXPECT_EQ(pull().fetched_bytes, 0U);
  EXPECT_EQ(hub_.count("GET"), requests);
  EXPECT_EQ(hub_.storage().body_bytes_sent(), bytes);
  EXPECT_EQ(diary_.plans.back().missing_bytes, 0U);
}

TEST_F(PullTest, ACacheThatAnotherProgramFilledNeedsNoDownload) {
  for (const char* file : {"config.json", "model.safetensors", "merges.txt"}) {
    const std::string blob_name = hub_.blob_name(file);
    folder_.write("hub/models--owner--tiny/blobs/" + blob_name,
                  std::string(file) == "model.safetensors"
                      ? weights()
                      : (std::string(file) == "merges.txt" ? "a b\n" : R"({"model_type": "clip"})"));
  }
  EXPECT_EQ(pull().fetched_bytes, 0U);
  EXPECT_EQ(hub_.count("GET"), 0);
  expect_whole_model();
}

TEST_F(PullTest, AnUnknownRepositoryIsSearchedForTheUsualFiles) {
  hub_.add("tokenizer.json", "{}");
  hub_.add("kiloword.json", R"({"default_labels": ["nano"]})");
  hub_.add("README.md", "not needed");
  const PullResult result = pull(tiny_model());
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(result.folder)) names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"config.json", "kiloword.json", "merges.txt", "model.safetensors",
                                          "tokenizer.json"}));
}

TEST_F(PullTest, WeightsInSeveralFilesAreFetchedWhole) {
  FakeHub hub;
  hub.add("config.json", "{\"model_type\": \"gpt2\"}");
  hub.add("model.safetensors.index.json",
          R"({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}})");
  hub.add("model-1.safetensors", "first part", /*is_large=*/true);
  hub.add("model-2.safetensors", "second part", /*is_large=*/true);
  settings_.endpoint = hub.address();
  const PullResult result = pull(tiny_model());
  EXPECT_EQ(content_of(result.folder / "model-1.safetensors"), "first part");
  EXPECT_EQ(content_of(result.folder / "model-2.safetensors"), "second part");
  EXPECT_TRUE(cache().find_snapshot(tiny_model()).has_value());
  fs::remove(result.folder / "model-2.safetensors");
  EXPECT_FALSE(cache().find_snapshot(tiny_model()).has_value());
}

TEST_F(PullTest, OfARepositoryOfTimmOpenClipsFilesAreTaken) {
  FakeHub hub;
  hub.add("config.json", R"({"architecture": "resnet50_clip"})");
  hub.add("model.safetensors", "the image tower alone", /*is_large=*/true);
  hub.add("open_clip_config.json", R"({"model_cfg": {}})");
  hub.add("open_clip_model.safetensors", "both towers", /*is_large=*/true);
  settings_.endpoint = hub.address();
  const PullResult result = pull(tiny_model());
  EXPECT_TRUE(fs::exists(result.folder / "open_clip_model.safetensors"));
  EXPECT_FALSE(fs::exists(result.folder / "model.safetensors"));
  EXPECT_FALSE(fs::exists(result.folder / "config.json"));
}

TEST_F(PullTest, WeightsThatAreThereAreKeptThoughOthersWouldBePreferred) {
  hub_.add("pytorch_model.bin", "older", /*is_large=*/true);
  HubModel old = listed_model();
  old.files[1].alternatives.erase(old.files[1].alternatives.begin());
  pull(old);
  pull();
  EXPECT_FALSE(fs::exists(blob("model.safetensors")));
}

TEST_F(PullTest, TheTokenGoesToTheHubAndNowhereElse) {
  settings_.token = "hf_secret";
  pull();
  for (const ServedRequest& request : hub_.hub().requests()) {
    ASSERT_EQ(request.headers.count("authorization"), 1U) << request.method << " " << request.target;
    EXPECT_EQ(request.headers.at("authorization"), "Bearer hf_secret");
  }
  ASSERT_FALSE(hub_.storage().requests().empty());
  for (const ServedRequest& request : hub_.storage().requests()) {
    EXPECT_EQ(request.headers.count("authorization"), 0U) << request.target;
    for (const auto& [name, value] : request.headers) {
      EXPECT_EQ(value.find("secret"), std::string::npos) << name;
    }
  }
}

TEST_F(PullTest, ARenamedRepositoryIsFollowedOnTheSameHost) {
  settings_.token = "hf_secret";
  HubModel model = listed_model();
  model.repository = "old/name";
  hub_.interfere([](const ServedRequest& request, const ServedReply&) -> std::optional<ServedReply> {
    const std::string old = "/old/name";
    if (request.target.rfind(old, 0) != 0) return std::nullopt;
    ServedReply moved;
    moved.status = 307;
    moved.headers = {{"Location", "/owner/tiny" + request.target.substr(old.size())}};
    return moved;
  });
  EXPECT_TRUE(fs::exists(pull(model).folder / "model.safetensors"));
  EXPECT_TRUE(cache().find_snapshot(model).has_value());
}

TEST_F(PullTest, WhatIsThereUnderAFormerNameIsNotFetchedAgain) {
  const PullResult before = pull();
  HubModel model = listed_model();
  model.former_repositories = {"owner/tiny"};
  model.repository = "new-owner/tiny";
  const size_t requests = hub_.hub().requests().size();
  EXPECT_EQ(pull(model).folder, before.folder);
  EXPECT_EQ(hub_.hub().requests().size(), requests);
}

TEST_F(PullTest, OfflineFindsWhatIsThereAndRefusesTheRest) {
  settings_.offline = true;
  expect_contains(pull_error(), "model 'tiny' is not on this machine, and HF_HUB_OFFLINE is set");
  EXPECT_TRUE(hub_.hub().requests().empty());
  settings_.offline = false;
  const PullResult online = pull();
  settings_.offline = true;
  const size_t requests = hub_.hub().requests().size();
  EXPECT_EQ(pull().folder, online.folder);
  EXPECT_EQ(hub_.hub().requests().size(), requests);
}

TEST_F(PullTest, APinnedModelThatIsThereNeedsNoNetwork) {
  HubModel model = listed_model();
  model.revision = FakeHub::kCommit;
  const PullResult first = pull(model);
  EXPECT_FALSE(fs::exists(repository() / "refs"));
  settings_.endpoint = "http://127.0.0.1:1";
  EXPECT_EQ(pull(model).folder, first.folder);
}

TEST_F(PullTest, TooLittleSpaceIsSeenBeforeTheTransfer) {
  options_.free_bytes = [](const fs::path&) { return 299999; };
  expect_contains(pull_error(listed_model(), ErrorKind::kOutput),
                  "not enough space: 1 MB are needed, 1 MB free");
  EXPECT_EQ(hub_.storage().body_bytes_sent(), 0U);
  options_.free_bytes = [](const fs::path&) { return 300100; };
  pull();
  expect_whole_model();
}

TEST_F(PullTest, OfTwoPullsAtOnceOneFetches) {
  std::atomic<bool> second_waits{false};
  hub_.interfere_at_storage([&](const ServedRequest&, const ServedReply&) -> std::optional<ServedReply> {
    while (!second_waits) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return std::nullopt;
  });
  class Watcher : public PullDiary {
   public:
    explicit Watcher(std::atomic<bool>& flag) : waits_(flag) {}
    void waiting(const std::string& file) override {
      PullDiary::waiting(file);
      waits_ = true;
    }

   private:
    std::atomic<bool>& waits_;
  };
  Watcher one(second_waits);
  Watcher other(second_waits);
  const auto run = [this](PullObserver& observer) {
    return std::async(std::launch::async,
                      [&] { return pull_model(listed_model(), settings_, observer, options_); });
  };
  auto first = run(one);
  auto second = run(other);
  const uint64_t fetched = first.get().fetched_bytes + second.get().fetched_bytes;
  EXPECT_EQ(fetched, 300000U + 22 + 4);
  EXPECT_GE(one.waited_for.size() + other.waited_for.size(), 1U);
  EXPECT_EQ(hub_.storage().requests().size(), 1U);
  expect_whole_model();
}

}  // namespace
}  // namespace kiloword::testing
