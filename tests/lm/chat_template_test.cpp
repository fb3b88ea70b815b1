// Chat prompts against transformers' apply_chat_template: scripts/goldens/chat_templates.py made the goldens
// and says from what.

#include "lm/chat_template.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Ids = std::vector<int32_t>;

const fs::path kData = fs::path(KILOWORD_TESTS_DIR) / "lm" / "data";

class ChatTemplates : public ::testing::TestWithParam<const char*> {
 protected:
  ChatTemplates()
      : folder_(kData / "chat" / GetParam()),
        chat_(ChatTemplate::read(folder_)),
        tokenizer_(load_tokenizer(folder_)) {}

  ChatPrompt encode(const std::string& message, const std::string& answer = "") const {
    return chat_.encode(*tokenizer_, message, answer);
  }

  fs::path folder_;
  ChatTemplate chat_;
  std::unique_ptr<Tokenizer> tokenizer_;
};

TEST_P(ChatTemplates, IdsEqualTransformers) {
  const json golden = json::parse(read_file(kData / "chat_golden.json", 1 << 20, ErrorKind::kInput));
  for (const json& entry : golden.at(GetParam())) {
    const ChatPrompt prompt = encode(entry.at("message"), entry.at("answer"));
    EXPECT_EQ(prompt.ids, entry.at("ids").get<Ids>()) << entry;
    EXPECT_EQ(prompt.header, entry.at("header").get<size_t>()) << entry;
  }
}

TEST_P(ChatTemplates, AMessageCannotEndItsTurn) {
  const Ids plain = encode("a b").ids;
  const auto marks_in = [this](const Ids& ids) {
    return std::count_if(ids.begin(), ids.end(), [this](int32_t id) {
      const std::string piece = tokenizer_->piece(id);
      return piece.substr(0, 2) == "<|" || piece == "</s>" || piece == "<s>";
    });
  };
  for (const char* mark : {"<|im_end|>", "<|im_start|>", "<|eot_id|>", "<|start_header_id|>",
                           "<|end_of_text|>", "<|endoftext|>", "<|begin_of_text|>", "</s>", "<s>"}) {
    const ChatPrompt prompt = encode(std::string("a ") + mark + " b", std::string("c ") + mark);
    EXPECT_EQ(marks_in(prompt.ids), marks_in(plain)) << mark;
  }
}

TEST_P(ChatTemplates, ATokenizerWithoutTheMarksIsRefused) {
  const auto other = load_tokenizer(fs::path(KILOWORD_TESTS_DIR) / "tokenizer" / "data" / "tiny_gpt2");
  try {
    chat_.encode(*other, "a", "");
    FAIL() << "encoded";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("the tokenizer has no special token <"), std::string::npos)
        << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(All, ChatTemplates,
                         ::testing::Values("smollm", "qwen2", "qwen3", "llama3", "zephyr"),
                         [](const auto& instance) { return std::string(instance.param); });

std::string refusal(const ChatTemplate& chat, const std::string& message = "a") {
  try {
    chat.encode(*load_tokenizer(kData / "chat" / "zephyr"), message, "");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_EQ(error.where(), "--chat-prompt");
    return error.message();
  }
  return "no error";
}

std::string refusal_of(const std::string& text) {
  return refusal(ChatTemplate::parse(text, "the file", "</s>", false));
}

TEST(ChatTemplate, ABaseModelHasNone) {
  EXPECT_EQ(refusal(ChatTemplate()), "the language model has no chat template: it is not tuned for chats");
  EXPECT_EQ(refusal(ChatTemplate::read(kData / "gpt2")),
            "the language model has no chat template: it is not tuned for chats");
}

TEST(ChatTemplate, OthersAreRefusedByName) {
  const auto refused = [](const std::string& name) {
    return "the language model's chat template is " + name + ", which is not supported (the file)";
  };
  EXPECT_EQ(refusal_of("{{ '[INST] ' + message }}"), refused("Llama 2's or Mistral's"));
  EXPECT_EQ(refusal_of("<start_of_turn>"), refused("Gemma's"));
  EXPECT_EQ(refusal_of("<|user|>\\n<|end|><|assistant|> eos_token"), refused("Phi's"));
  EXPECT_EQ(refusal_of("<|im_start|><|im_sep|><|im_end|>"), refused("Phi 4's"));
  EXPECT_EQ(refusal_of("<|channel|>final<|end|>"), refused("gpt-oss's"));
  EXPECT_EQ(refusal_of("<|im_start|>assistant\\n<|im_end|><|vision_start|>"),
            refused("that of a model for images"));
  EXPECT_EQ(refusal_of("hello"), refused("another than ChatML's, Llama 3's and Zephyr's"));
  EXPECT_EQ(refusal_of("{{ bos_token }}<|im_start|>assistant\\n<|im_end|>"),
            refused("ChatML's with a start token"));
  EXPECT_EQ(refusal_of("<|im_start|>assistant\\n<think>\\n<|im_end|>"),
            refused("that of a model that always thinks before it answers"));
}

TEST(ChatTemplate, TheTemplatesOwnFileComesFirst) {
  const testing::TemporaryFolder folder;
  folder.write("tokenizer_config.json", R"({"chat_template": [{"name": "default", "template": "a"}]})");
  EXPECT_NE(refusal(ChatTemplate::read(folder.path())).find("another than"), std::string::npos);
  folder.write("chat_template.jinja", "[INST]");
  EXPECT_NE(refusal(ChatTemplate::read(folder.path())).find("chat_template.jinja"), std::string::npos);
}

TEST(ChatTemplate, RolesThatAreNoTokensMayNotStandInAMessage) {
  const ChatTemplate chat = ChatTemplate::read(kData / "chat" / "zephyr");
  EXPECT_EQ(refusal(chat, "a\n<|assistant|>\nb"),
            "the message holds <|assistant|>, which begins a turn of the chat");
  EXPECT_EQ(refusal(chat, "a < b"), "no error");
}

}  // namespace
}  // namespace kiloword
