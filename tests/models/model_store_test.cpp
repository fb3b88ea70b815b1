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
            "unknown model 'mega'; bundled models: nano; or give a folder in Hugging Face layout");
  const std::string empty = (folder.path() / "empty").string();
  EXPECT_EQ(error_of("../nano", empty), "unknown model '../nano'; none is bundled in " + empty +
                                            "; or give a folder in Hugging Face layout");
  EXPECT_EQ(error_of(empty, folder.path()),
            "no config.json in the model folder, " + empty + "; give a folder in Hugging Face layout");
}

TEST(ModelStore, IllFormedSettingsAreNamed) {
  const TemporaryFolder folder;
  folder.write("m/config.json", "{}");
  for (const char* settings : {"", "[]", "{", R"({"description": 1})", R"({"default_labels": "nano"})",
                               R"({"default_labels": [1]})", R"({"prompt": 1})"}) {
    folder.write("m/kiloword.json", settings);
    EXPECT_EQ(
        error_of("m", folder.path()),
        "ill-formed model settings, " + (folder.path() / "m/kiloword.json").string() +
            "; it must be a JSON object with \"description\" (text), \"default_labels\" (list of texts) and "
            "\"prompt\" (text)")
        << settings;
  }
}

}  // namespace
}  // namespace kiloword
