#include "kiloword/models/verify.h"

#include "models/pull_fixture.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;

class VerifyTest : public PullTest {
 protected:
  /// "config.json right, ..."
  std::string verdicts(const HubModel* known) {
    std::string text;
    for (const FileCheck& check : verify_model(model_, known, [](const std::string&) {})) {
      const char* word = check.verdict == FileVerdict::kRight     ? " right"
                         : check.verdict == FileVerdict::kWrong   ? " wrong"
                         : check.verdict == FileVerdict::kMissing ? " missing"
                                                                  : " unknown";
      text += (text.empty() ? "" : ", ") + check.name + word;
    }
    return text;
  }

  ModelEntry model_;
};

TEST_F(VerifyTest, FilesAreComparedWithTheNamesOfTheirBlobs) {
  model_.folder = pull().folder;
  EXPECT_EQ(verdicts(nullptr), "config.json right, merges.txt right, model.safetensors right");
  folder_.write("hub/models--owner--tiny/blobs/" + hub_.blob_name("merges.txt"), "a c\n");
  EXPECT_EQ(verdicts(nullptr), "config.json right, merges.txt wrong, model.safetensors right");
  fs::remove(blob("config.json"));
  const HubModel known = listed_model();
  EXPECT_EQ(verdicts(&known), "config.json missing, merges.txt wrong, model.safetensors right");
  fs::remove(model_.folder / "model.safetensors");
  EXPECT_EQ(verdicts(&known), "config.json missing, merges.txt wrong, model.safetensors missing");
}

TEST_F(VerifyTest, TheRegistryKnowsBetter) {
  model_.folder = pull().folder;
  HubModel known = listed_model();
  known.files[1].alternatives[0].sha256 = std::string(64, 'a');
  EXPECT_EQ(verdicts(&known), "config.json right, merges.txt right, model.safetensors wrong");
  known.files[1].alternatives[0] = {"model.safetensors", 5, ""};
  EXPECT_EQ(verdicts(&known), "config.json right, merges.txt right, model.safetensors wrong");
}

TEST_F(VerifyTest, OfPlainFilesNothingIsKnown) {
  model_.folder = folder_.path() / "plain";
  folder_.write("plain/config.json", "{}");
  fs::create_directories(model_.folder / "sub");
  EXPECT_EQ(verdicts(nullptr), "config.json unknown");
  model_.folder = folder_.write("checkpoint.pt", "x");
  EXPECT_EQ(verdicts(nullptr), "checkpoint.pt unknown");
}

}  // namespace
}  // namespace kiloword::testing
