#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/models/hub_cache.h"
#include "kiloword/models/puller.h"
#include "support/fake_hub.h"
#include "support/temporary_folder.h"

namespace kiloword::testing {

/// Remembers what a pull tells.
class PullDiary : public PullObserver {
 public:
  void planned(const PullPlan& plan) override { plans.push_back(plan); }
  void progress(const PullState& state) override { last = state; }
  void waiting(const std::string& file) override { waited_for.push_back(file); }
  void retrying(const std::string& why, std::chrono::milliseconds wait) override {
    retries.push_back(why);
    waits.push_back(wait);
  }

  std::vector<PullPlan> plans;
  PullState last;
  std::vector<std::string> waited_for;
  std::vector<std::string> retries;
  std::vector<std::chrono::milliseconds> waits;
};

/// A hub with a small model, and an empty cache.
class PullTest : public ::testing::Test {
 protected:
  PullTest() {
    ::setenv("no_proxy", "*", 1);
    settings_.endpoint = hub_.address();
    settings_.cache_folder = folder_.path() / "hub";
    options_.first_wait = std::chrono::milliseconds(2);
    options_.longest_asked_wait = std::chrono::milliseconds(20);
    options_.attempts = 3;
    options_.stop = [] { return false; };
    hub_.add("config.json", R"({"model_type": "clip"})");
    hub_.add("merges.txt", "a b\n");
    hub_.add("model.safetensors", weights(), /*is_large=*/true);
  }

  /// 300,000 bytes that do not repeat soon.
  static std::string weights() {
    std::string content;
    for (int i = 0; content.size() < 300000; ++i) content += std::to_string(i) + ",";
    content.resize(300000);
    return content;
  }

  static HubModel tiny_model() { return unregistered_model("owner/tiny", "main"); }

  /// The tiny model as a registry could know it: few files, so few requests.
  static HubModel listed_model() {
    HubModel model = tiny_model();
    model.in_registry = true;
    model.name = "tiny";
    model.license = "MIT";
    model.files = {{{{"config.json", std::nullopt, ""}}, true},
                   {{{"model.safetensors", std::nullopt, ""}, {"pytorch_model.bin", std::nullopt, ""}}, true},
                   {{{"merges.txt", std::nullopt, ""}}, false}};
    return model;
  }

  PullResult pull(const HubModel& model) { return pull_model(model, settings_, diary_, options_); }
  PullResult pull() { return pull(listed_model()); }

  /// The text of the error that a pull ends with.
  std::string pull_error(const HubModel& model, ErrorKind kind = ErrorKind::kModel) {
    try {
      pull(model);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      return error.what();
    }
    return "no error";
  }
  std::string pull_error() { return pull_error(listed_model()); }

  std::filesystem::path repository() const { return cache().repository_folder("owner/tiny"); }
  HubCache cache() const { return HubCache(settings_.cache_folder); }
  std::filesystem::path blob(const std::string& file) const {
    return repository() / "blobs" / hub_.blob_name(file);
  }
  std::filesystem::path incomplete(const std::string& file) const {
    return blob(file).string() + ".incomplete";
  }
  static std::string content_of(const std::filesystem::path& path) {
    return read_file(path, 1 << 20, ErrorKind::kInput);
  }

  /// No name that a program looks for is there.
  void expect_nothing_visible() const {
    EXPECT_FALSE(std::filesystem::exists(repository() / "refs"));
    EXPECT_FALSE(std::filesystem::exists(repository() / "snapshots"));
    EXPECT_FALSE(cache().find_snapshot(listed_model()).has_value());
    EXPECT_FALSE(std::filesystem::exists(blob("model.safetensors")));
  }

  void expect_whole_model() const {
    const std::filesystem::path snapshot = repository() / "snapshots" / FakeHub::kCommit;
    EXPECT_TRUE(content_of(snapshot / "model.safetensors") == weights());
    EXPECT_EQ(content_of(repository() / "refs" / "main"), FakeHub::kCommit);
    EXPECT_FALSE(std::filesystem::exists(incomplete("model.safetensors")));
  }

  TemporaryFolder folder_;
  FakeHub hub_;
  HubSettings settings_;
  PullOptions options_;
  PullDiary diary_;
};

inline void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

}  // namespace kiloword::testing
