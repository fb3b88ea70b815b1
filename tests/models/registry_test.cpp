#include "kiloword/models/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "kiloword/base/error.h"
#include "kiloword/models/hub_names.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

/// A registry of one model whose text is changed in one place.
std::string registry_with(const std::string& from, const std::string& to) {
  std::string json = R"({"schema": 1, "models": [{"name": "m", "kind": "encoder", "repository": "o/m",
    "revision": "main", "license": "MIT", "good_for": "tests", "about_bytes": 10,
    "files": ["config.json", {"any_of": ["a.bin", {"name": "b.bin", "bytes": 7}]},
              {"name": "c.txt", "optional": true}]}]})";
  const size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(Registry, WhatKilowordShipsIsSound) {
  const std::vector<HubModel> models = read_registry(KILOWORD_SOURCE_DIR "/models");
  const auto language_models = std::count_if(models.begin(), models.end(),
                                             [](const HubModel& model) { return model.is_language_model; });
  EXPECT_GE(language_models, 5);
  EXPECT_GE(static_cast<long>(models.size()) - language_models, 10);
  std::set<std::string> repositories;
  for (const HubModel& model : models) {
    EXPECT_TRUE(repositories.insert(model.repository).second) << model.repository;
    EXPECT_GT(model.about_bytes, 100000000U) << model.name;
    EXPECT_FALSE(model.license.empty() || model.description.empty()) << model.name;
    EXPECT_GE(model.files.size(), 3U) << model.name;
  }
  const auto gpt2 = find_hub_model("gpt2", models);
  ASSERT_TRUE(gpt2.has_value());
  EXPECT_TRUE(is_commit(gpt2->revision));
  EXPECT_EQ(gpt2->files[1].alternatives[0].size_bytes, 548105171U);
  EXPECT_EQ(gpt2->files[1].alternatives[0].sha256,
            "248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707");
}

TEST(Registry, FilesAreRequiredOptionalOrAlternatives) {
  const HubModel model = parse_registry(registry_with("tests", "tests"), "r").at(0);
  ASSERT_GE(model.files.size(), 3U);
  EXPECT_TRUE(model.files[0].required);
  EXPECT_EQ(model.files[1].alternatives.size(), 2U);
  EXPECT_EQ(model.files[1].alternatives[1].size_bytes, 7U);
  EXPECT_FALSE(model.files[2].required);
}

TEST(Registry, NamesRepositoriesAndRevisions) {
  const std::vector<HubModel> registry = parse_registry(registry_with("tests", "tests"), "r");
  EXPECT_EQ(find_hub_model("m", registry)->repository, "o/m");
  const auto by_repository = find_hub_model("o/m", registry);
  EXPECT_TRUE(by_repository->in_registry);
  EXPECT_EQ(by_repository->name, "o/m");
  const auto at_revision = find_hub_model("o/m@v2", registry);
  EXPECT_FALSE(at_revision->in_registry);
  EXPECT_EQ(at_revision->name, "o/m@v2");
  EXPECT_EQ(at_revision->revision, "v2");
  EXPECT_FALSE(find_hub_model("other", registry).has_value());
  EXPECT_FALSE(find_hub_model("../o/m", registry).has_value());
}

TEST(Registry, AnythingIllFormedIsRefused) {
  const std::vector<std::pair<std::string, std::string>> changes{
      {"\"schema\": 1", "\"schema\": 2"},
      {"\"schema\": 1", "\"schema\": \"1\""},
      {"\"name\": \"m\"", "\"name\": \"../m\""},
      {"\"name\": \"m\"", "\"name\": 1"},
      {"\"name\": \"m\"", "\"nom\": \"m\""},
      {"encoder", "toaster"},
      {"o/m", "o/../m"},
      {"o/m", "https://evil.org/m"},
      {"\"main\"", "\"../main\""},
      {"\"MIT\"", "\"\""},
      {"\"about_bytes\": 10", "\"about_bytes\": -10"},
      {"\"about_bytes\": 10", "\"about_bytes\": 1.5"},
      {"config.json", "../config.json"},
      {"config.json", "a/config.json"},
      {"\"bytes\": 7", "\"bytes\": \"7\""},
      {"\"bytes\": 7", "\"sha256\": \"abc\""},
      {"\"optional\": true", "\"optional\": 1"},
      {"\"optional\": true", "\"optimal\": true"},
      {"[\"a.bin\"", "[{}"},
      {"{\"schema\"", "[{\"schema\""},
  };
  for (const auto& [from, to] : changes) {
    try {
      parse_registry(registry_with(from, to), "r.json");
      ADD_FAILURE() << to;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kModel);
      EXPECT_EQ(error.where(), "r.json") << to;
    }
  }
  for (const char* json : {"", "null", "[]", "{}", R"({"schema": 1, "models": []})", "{\"schema\": 1"}) {
    EXPECT_THROW(parse_registry(json, "r.json"), Error) << json;
  }
}

TEST(Registry, IsAbsentOrOfAModestSize) {
  const testing::TemporaryFolder folder;
  EXPECT_TRUE(read_registry(folder.path()).empty());
  folder.write("registry.json", std::string((1 << 20) + 1, ' '));
  EXPECT_THROW(read_registry(folder.path()), Error);
}

}  // namespace
}  // namespace kiloword
