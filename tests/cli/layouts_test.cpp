// Models as other programs save them, through every command that loads one: what a setting does is compared
// with the references elsewhere, here that it arrives everywhere.

#include <filesystem>
#include <functional>
#include <ostream>

#include "cli/serve_fixture.h"
#include "kiloword/base/file.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kModels = fs::path(KILOWORD_TESTS_DIR) / "clip" / "data";

struct Layout {
  const char* name;
  const char* source;                                 ///< folder of the small models
  std::function<void(const fs::path& model)> change;  ///< from the plain layout
  std::string text = "a dog";
  std::string same_as =
      "";  ///< a text that the layout takes for the same; none: the change shows in the cosine
};

std::ostream& operator<<(std::ostream& out, const Layout& layout) {
  return out << layout.name;
}

std::string content(const fs::path& path) {
  return read_file(path, uint64_t{1} << 24U, ErrorKind::kInput);
}

void write(const fs::path& path, const std::string& text) {
  write_file_atomically(path, text);
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

void move_into(const fs::path& folder, const std::string& name) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  fs::create_directory(folder / name);
  for (const fs::path& file : files) fs::rename(file, folder / name / file.filename());
}

class LayoutsTest : public ServeTest, public ::testing::WithParamInterface<Layout> {
 protected:
  std::string model(const std::string& name, const Layout& layout, bool changed) const {
    const fs::path folder = path(name);
    for (const char* part : {layout.source, "tokenizer"})
      fs::copy(kModels / part, folder, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    if (changed) layout.change(folder);
    return folder.string();
  }

  double cosine(const std::string& model, const std::string& image, const std::string& text,
                std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"score", image, "-t", text, "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    if (!model.empty()) arguments.insert(arguments.end(), {"--model", model});
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    if (result.exit_code != 0) return 0;
    return records_of(result).at(0)["scores"][0]["cosine"];
  }

  static json what_it_says(const json& record) { return {record["statements"], record["explain"]}; }
};

TEST_P(LayoutsTest, ArriveInEveryCommand) {
  const Layout& layout = GetParam();
  const std::string changed = model("changed", layout, /*changed=*/true);
  const std::string image = picture("in/a.ppm", 45, 30, 3);
  const double here = cosine(changed, image, layout.text);
  if (layout.same_as.empty()) {
    EXPECT_NE(here, cosine(model("plain", layout, /*changed=*/false), image, layout.text));
  } else {
    EXPECT_EQ(here, cosine(changed, image, layout.same_as));
  }
  const std::string labels =
      folder_
          .write(
              "labels.txt",
              "category: things\nstatement: This is {a} {label}.\nmatch: {a} {label}\n---\ndog\ncat\ntree\n")
          .string();
  const json embedding = records_of(run({"embed", image, "--model", changed})).at(0)["embedding"];
  json caption;
  const ProgramResult server = serve(
      [&](const std::string& address) {
        EXPECT_EQ(cosine("", image, layout.text, {"--server", address}), here);
        EXPECT_EQ(records_of(run({"embed", image, "--server", address})).at(0)["embedding"], embedding);
        caption = json::parse(post(address, "/v1/caption?explain=1", "image/x", content(image)).body);
      },
      {"--model", changed, "--labels", labels});
  EXPECT_EQ(server.exit_code, 0) << server.err;
  const ProgramResult batch = run(
      {"batch", path("in"), "-o", path("out.jsonl"), "--explain", "--model", changed, "--labels", labels});
  EXPECT_EQ(batch.exit_code, 0) << batch.err;
  EXPECT_EQ(what_it_says(json::parse(lines_of(content(path("out.jsonl"))).at(0))), what_it_says(caption));
}

const auto kProcessor = [](const char* part) {
  return [part](const fs::path& model) {
    write(model / "processor_config.json", std::string(R"({"image_processor": {"size": {"shortest_edge": 32},
      "crop_size": {"height": 32, "width": 32}, )") +
                                               part + "}}");
  };
};

INSTANTIATE_TEST_SUITE_P(
    All, LayoutsTest,
    ::testing::Values(
        Layout{"ProcessorConfig", "vit", kProcessor(R"("image_mean": [0.5, 0.5, 0.5])")},
        Layout{"NotNormalized", "vit", kProcessor(R"("do_normalize": false)")},
        Layout{"RescaledOtherwise", "vit", kProcessor(R"("rescale_factor": 0.0078125)")},
        Layout{"Lanczos", "vit", kProcessor(R"("resample": 1)")},
        Layout{"Composed", "vit", [](const fs::path&) {}, "cafe\u0301", "caf\u00e9"},
        Layout{"AddedToken", "vit",
               [](const fs::path& model) {
                 write(model / "tokenizer_config.json",
                       R"({"added_tokens_decoder": {"78": {"content": "o", "normalized": false}}})");
               }},
        Layout{"AbsentSize", "vit",
               [](const fs::path& model) {
                 write(model / "processor_config.json", R"({"image_processor": {"crop_size": 32}})");
               }},
        Layout{"PaddingThatIsAPiece", "vit",
               [](const fs::path& model) { write(model / "tokenizer_config.json", R"({"pad_token": "!"})"); },
               "a dog!"},
        Layout{"CutAtTheStart", "vit",
               [](const fs::path& model) {
                 write(model / "tokenizer_config.json", R"({"truncation_side": "left"})");
               },
               "a" + repeated(" dog", 200), repeated(" dog", 200)},
        Layout{"Canonical", "open_clip",
               [](const fs::path& model) {
                 json config = json::parse(content(model / "open_clip_config.json"));
                 config["model_cfg"]["text_cfg"]["tokenizer_kwargs"] = {{"clean", "canonicalize"}};
                 write(model / "open_clip_config.json", config.dump());
               },
               "a_dog.", "a dog"},
        Layout{"Longest", "open_clip",
               [](const fs::path& model) {
                 json config = json::parse(content(model / "open_clip_config.json"));
                 config["preprocess_cfg"]["resize_mode"] = "longest";
                 write(model / "open_clip_config.json", config.dump());
               }},
        Layout{"Repaired", "open_clip", [](const fs::path&) {}, "\u201ca \uff44og\u201d", "\"a dog\""},
        Layout{"OpenAi", "tokenizer",
               [](const fs::path& model) { fs::copy_file(kModels / "openai.pt", model / "model.pt"); },
               "a\u2019s", "a's"},
        Layout{"NaFlexOfFewPatches", "naflex",
               [](const fs::path& model) {
                 json settings = json::parse(content(model / "preprocessor_config.json"));
                 settings["max_num_patches"] = 6;
                 write(model / "preprocessor_config.json", settings.dump());
               }},
        Layout{"SentenceTransformers", "vit",
               [](const fs::path& model) {
                 move_into(model, "0_CLIPModel");
                 write(model / "modules.json", R"([{"path": "0_CLIPModel", "type": "x.CLIPModel"}])");
               },
               "cafe\u0301", "caf\u00e9"}),
    [](const ::testing::TestParamInfo<Layout>& instance) { return instance.param.name; });

using NaFlexTest = LayoutsTest;

/// Tall, wide and square pictures in one call of the network, as embedded one by one, and as described.
TEST_P(NaFlexTest, TakesPicturesOfAnyShapeTogether) {
  const std::string folder = model("model", GetParam(), /*changed=*/false);
  const std::vector<std::string> images{picture("in/a.ppm", 90, 20, 3), picture("in/b.ppm", 20, 90, 2),
                                        picture("in/c.ppm", 50, 50, 5), picture("in/d.ppm", 3, 200, 1)};
  std::vector<std::string> all{"embed", "--model", folder};
  all.insert(all.end(), images.begin(), images.end());
  const std::vector<json> together = records_of(run(all));
  ASSERT_EQ(together.size(), images.size());
  for (size_t i = 0; i < images.size(); ++i) {
    const json alone = records_of(run({"embed", images[i], "--model", folder})).at(0);
    EXPECT_EQ(alone["embedding"], together[i]["embedding"]) << images[i];
  }
  const ProgramResult described =
      run({"describe", "-q", "--model", folder, "--ground", "off", images[0], images[1]});
  EXPECT_EQ(described.exit_code, 0) << described.err;
  EXPECT_EQ(lines_of(described.out).size(), 2U) << described.out;
}

INSTANTIATE_TEST_SUITE_P(Shapes, NaFlexTest,
                         ::testing::Values(Layout{"NaFlex", "naflex", [](const fs::path&) {}}),
                         [](const ::testing::TestParamInfo<Layout>& instance) {
                           return instance.param.name;
                         });

using OtherFormatsTest = ServeTest;

TEST_F(OtherFormatsTest, AreRefusedByEveryCommand) {
  const std::string gguf = folder_.write("model.gguf", "GGUF" + std::string(64, '\0')).string();
  const std::string image = picture("in/a.ppm");
  for (const std::vector<std::string>& command : {std::vector<std::string>{"embed", image},
                                                  {"score", image, "-t", "a dog"},
                                                  {"caption", image},
                                                  {"batch", path("in"), "-o", path("out.jsonl")},
                                                  {"serve", "--socket", path("socket")}}) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--model", gguf});
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 3) << command[0];
    EXPECT_NE(result.err.find("llama.cpp (GGUF)"), std::string::npos) << command[0] << ": " << result.err;
  }
}

}  // namespace
}  // namespace kiloword::testing
