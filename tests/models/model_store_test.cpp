#include "kiloword/models/model_store.h"

#include <gtest/gtest.h>

#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::TemporaryFolder;

std::string error_of(const std::string& name, const std::filesystem::path& models) {
  try {
    find_model(name, models);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    return error.what();
  }
  return "no error";
}

TEST(ModelStore, ListsFoldersWithAConfig) {
  const TemporaryFolder folder;
  folder.write("zeta/config.json", "{}");
  folder.write("alpha/config.json", "{}");
  folder.write("alpha/model.safetensors", "12345");
  folder.write("not a model/README", "");
  const std::vector<ModelEntry> models = list_models(folder.path());
  ASSERT_EQ(models.size(), 2U);
  EXPECT_EQ(models[0].name, "alpha");
  ASSERT_EQ(models[0].files.size(), 2U);
  EXPECT_EQ(models[0].files[1].name, "model.safetensors");
  EXPECT_EQ(models[0].files[1].size_bytes, 5U);
  EXPECT_TRUE(list_models(folder.path() / "absent").empty());
}

TEST(ModelStore, FindsByNameAndByFolder) {
  const TemporaryFolder folder;
  folder.write("nano/config.json", "{}");
  folder.write("nano/kiloword.json", R"({"description": "small", "default_labels": ["nano"]})");
  EXPECT_TRUE(find_model("nano", folder.path()).bundled);
  EXPECT_EQ(find_model("nano", folder.path()).default_labels, std::vector<std::string>{"nano"});
  const ModelEntry by_folder = find_model((folder.path() / "nano/").string(), "/nowhere");
  EXPECT_FALSE(by_folder.bundled);
  EXPECT_EQ(by_folder.name, "nano");
}

TEST(ModelStore, GeneralSetsForModelsThatNameNone) {
  const TemporaryFolder folder;
  folder.write("clip/config.json", "{}");
  EXPECT_EQ(find_model("clip", folder.path()).default_labels,
            (std::vector<std::string>{"medium", "scene", "objects", "people"}));
}

TEST(ModelStore, TellsLanguageModelsFromEncoders) {
  const TemporaryFolder folder;
  folder.write("lm/config.json", R"({"model_type": "gpt2"})");
  folder.write("lm/kiloword.json", R"({"prompt": "A photo of"})");
  folder.write("clip/config.json", R"({"model_type": "clip"})");
  folder.write("odd/config.json", R"({"model_type": 7})");
  EXPECT_TRUE(find_model("lm", folder.path()).is_language_model);
  EXPECT_EQ(find_model("lm", folder.path()).prompt, "A photo of");
  EXPECT_FALSE(find_model("clip", folder.path()).is_language_model);
  EXPECT_FALSE(find_model("clip", folder.path()).prompt.has_value());
  EXPECT_FALSE(find_model("odd", folder.path()).is_language_model);
}

TEST(ModelStore, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  folder.write("nano/config.json", "{}");
  folder.write("empty/README", "");
  EXPECT_EQ(error_of("mega", folder.path()),
            "unknown model 'mega'; bundled models: nano; or give a model's folder or file");
  EXPECT_EQ(
      error_of("nan", folder.path()),
      "unknown model 'nan'; did you mean 'nano'? bundled models: nano; or give a model's folder or file");
  const std::string empty = (folder.path() / "empty").string();
  EXPECT_EQ(error_of("../nano", empty),
            "unknown model '../nano'; none is bundled in " + empty + "; or give a model's folder");
  EXPECT_EQ(error_of(empty, folder.path()), "no config.json in the model folder, " + empty +
                                                "; give a folder in Hugging Face or OpenCLIP layout");
}

constexpr const char* kRegistry = R"({"schema": 1, "models": [{"name": "tiny", "kind": "encoder",
    "repository": "owner/tiny", "revision": "main", "license": "MIT", "good_for": "tests", "about_bytes": 10,
    "files": ["config.json", "model.safetensors"]}]})";

/// A snapshot of owner/tiny as another program would have left it.
void write_cached_model(const TemporaryFolder& folder) {
  const std::string commit(40, 'c');
  const std::string repository = "hub/models--owner--tiny/";
  folder.write(repository + "refs/main", commit);
  folder.write(repository + "snapshots/" + commit + "/config.json", R"({"model_type": "gpt2"})");
  folder.write(repository + "snapshots/" + commit + "/model.safetensors", "weights");
}

TEST(ModelStore, FindsWhatTheHuggingFaceCacheHolds) {
  const TemporaryFolder folder;
  folder.write("registry.json", kRegistry);
  const HubCache cache(folder.path() / "hub");
  write_cached_model(folder);
  for (const std::string name : {"tiny", "owner/tiny", "owner/tiny@main"}) {
    const ModelEntry model = find_model(name, folder.path(), cache);
    EXPECT_EQ(model.name, name);
    EXPECT_EQ(model.folder, cache.snapshot("owner/tiny", std::string(40, 'c')));
    EXPECT_TRUE(model.is_language_model);
    EXPECT_FALSE(model.bundled);
    EXPECT_EQ(model.files.size(), 2U);
    EXPECT_TRUE(model.hub_model.has_value());
  }
  EXPECT_EQ(find_model("tiny", folder.path(), cache).description, "tests");
  EXPECT_TRUE(list_models(folder.path()).empty()) << "a registry is no model";
}

TEST(ModelStore, SaysHowToGetWhatIsNotHere) {
  const TemporaryFolder folder;
  folder.write("nano/config.json", "{}");
  folder.write("registry.json", kRegistry);
  const HubCache cache(folder.path() / "hub");
  const auto error = [&](const std::string& name) -> std::string {
    try {
      find_model(name, folder.path(), cache);
    } catch (const Error& found) {
      EXPECT_EQ(found.kind(), ErrorKind::kModel);
      return found.what();
    }
    return "no error";
  };
  EXPECT_EQ(error("tiny"), "model 'tiny' is not on this machine; run: kiloword models pull tiny");
  EXPECT_EQ(error("some/other"),
            "model 'some/other' is not on this machine; run: kiloword models pull some/other");
  EXPECT_EQ(
      error("tyny"),
      "unknown model 'tyny'; did you mean 'tiny'? bundled models: nano, more in: kiloword models list; or "
      "give a model's folder or file");
  write_cached_model(folder);
  std::filesystem::remove(cache.snapshot("owner/tiny", std::string(40, 'c')) / "model.safetensors");
  EXPECT_EQ(error("tiny"), "model 'tiny' is only partly on this machine; run: kiloword models pull tiny");
}

TEST(ModelStore, FoldersAndFilesComeBeforeTheRegistry) {
  const TemporaryFolder folder;
  const std::string checkpoint = folder.write("ViT-B-32.pt", "weights").string();
  const ModelEntry file = find_model(checkpoint, folder.path(), HubCache(""));
  EXPECT_EQ(file.name, "ViT-B-32");
  EXPECT_EQ(file.folder, checkpoint);
  EXPECT_FALSE(file.is_language_model);
  EXPECT_EQ(file.files.at(0).size_bytes, 7U);
  folder.write("open/open_clip_config.json", "{}");
  EXPECT_EQ(find_model((folder.path() / "open").string(), folder.path(), HubCache("")).name, "open");
}

TEST(ModelStore, IllFormedSettingsAreNamed) {
  const TemporaryFolder folder;
  folder.write("m/config.json", "{}");
  for (const char* settings : {"", "[]", "{", R"({"description": 1})", R"({"default_labels": "nano"})",
                               R"({"default_labels": [1]})", R"({"prompt": 1})"}) {
    folder.write("m/kiloword.json", settings);
    EXPECT_EQ(error_of("m", folder.path()), "ill-formed model settings, " +
                                                (folder.path() / "m/kiloword.json").string() +
                                                "; it must be a JSON object with \"default_labels\" (list of "
                                                "texts), \"description\", \"prompt\", "
                                                "\"languages\", \"license\" and \"take_for\" (texts)")
        << settings;
  }
}

}  // namespace
}  // namespace kiloword
