#include "lm/chat_template.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/checkpoint/config_reader.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxTemplateBytes = 1 << 20;
constexpr const char* kDay = "26 Jul 2024";  // Llama 3's own where it is not told the date
constexpr std::array<const char*, 3> kZephyrRoles{"<|user|>", "<|assistant|>", "<|system|>"};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A template with its escaped line ends as line ends.
std::string unescaped(const std::string& text) {
  std::string result;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool is_escape = text[at] == '\\' && at + 1 < text.size() && text[at + 1] == 'n';
    result += is_escape ? '\n' : text[at];
    if (is_escape) ++at;
  }
  return result;
}

/// What stands between `before` and the next `behind` within one string of a template; empty where nothing
/// does.
std::string literal_between(const std::string& text, const std::string& before, const std::string& behind) {
  for (size_t at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
    const size_t begin = at + before.size();
    const size_t end = text.find(behind, begin);
    if (end == std::string::npos) return "";
    std::string found = text.substr(begin, end - begin);
    if (!found.empty() && found.find_first_of("'\"{}") == std::string::npos) return found;
  }
  return "";
}

std::string trimmed(const std::string& text) {
  constexpr const char* kSpace = " \t\n\v\f\r";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

/// Whose template it is, of the well-known ones that are not supported.
std::string name_of(const std::string& text) {
  constexpr std::array<std::array<const char*, 2>, 8> kKnown{
      {{"[INST]", "Llama 2's or Mistral's"},
       {"<start_of_turn>", "Gemma's"},
       {"<|channel|>", "gpt-oss's"},
       {"<|end|>", "Phi's"},
       {"<|im_sep|>", "Phi 4's"},
       {"Assistant\uff5c", "DeepSeek's"},
       {"reasoning_mode", "SmolLM3's"},
       {"<|vision_start|>", "that of a model for images"}}};
  for (const auto& [mark, name] : kKnown) {
    if (has(text, mark)) return name;
  }
  return "";
}

int32_t find_piece(const Tokenizer& tokenizer, const std::string& piece) {
  for (int32_t id = tokenizer.vocab_size() - 1; id >= 0; --id) {
    if (tokenizer.piece(id) == piece) return id;
  }
  return -1;
}

}  // namespace

ChatTemplate ChatTemplate::read(const fs::path& folder) {
  const fs::path own = folder / "chat_template.jinja";
  const fs::path settings = folder / "tokenizer_config.json";
  std::error_code ignored;
  std::string eos_token;
  std::string text;
  std::string path = settings.string();
  bool keeps_gaps = false;
  if (fs::exists(settings, ignored)) {
    const ConfigReader config = ConfigReader::open(settings);
    eos_token = config.is_object("eos_token") ? config.object("eos_token").text("content", "")
                                              : config.text("eos_token", "");
    keeps_gaps = config.boolean("legacy", false);
    if (config.is_list("chat_template")) {
      text = "several templates";
    } else {
      text = config.text("chat_template", "");
    }
  }
  if (fs::exists(own, ignored)) {
    text = read_file(own, kMaxTemplateBytes, ErrorKind::kModel);
    path = own.string();
  }
  return text.empty() ? ChatTemplate() : parse(text, path, eos_token, keeps_gaps);
}

ChatTemplate ChatTemplate::parse(const std::string& text, const std::string& path,
                                 const std::string& eos_token, bool keeps_gaps) {
  ChatTemplate chat;
  chat.path_ = path;
  chat.eos_token_ = eos_token;
  chat.keeps_gaps_ = keeps_gaps;
  chat.recognize(unescaped(text));
  return chat;
}

void ChatTemplate::recognize(const std::string& text) {
  unknown_ = name_of(text);
  if (!unknown_.empty()) return;
  const bool chat_ml = has(text, "<|im_start|>") && has(text, "<|im_end|>") && has(text, "assistant\n");
  const bool llama =
      has(text, "<|start_header_id|>") && has(text, "<|end_header_id|>\n\n") && has(text, "<|eot_id|>");
  const bool zephyr = has(text, "<|user|>\n") && has(text, "<|assistant|>") && has(text, "eos_token");
  if (static_cast<int>(chat_ml) + static_cast<int>(llama) + static_cast<int>(zephyr) != 1) {
    unknown_ = "another than ChatML's, Llama 3's and Zephyr's";
  } else if (chat_ml && has(text, "bos_token")) {
    unknown_ = "ChatML's with a start token";
  } else if (chat_ml && has(text, "assistant\n<think>")) {
    unknown_ = "that of a model that always thinks before it answers";
  } else if (chat_ml) {
    family_ = Family::kChatMl;
    system_ = literal_between(text, "<|im_start|>system\n", "<|im_end|>");
    // A model that may think is told that it has.
    if (has(text, "enable_thinking")) begins_answer_ = "<think>\n\n</think>\n\n";
  } else if (llama) {
    family_ = Family::kLlama3;
    const std::string known_until = literal_between(text, "Cutting Knowledge Date: ", "\n");
    if (!known_until.empty())
      system_ = "Cutting Knowledge Date: " + known_until + "\nToday Date: " + kDay + "\n\n";
  } else {
    family_ = Family::kZephyr;
  }
}

std::vector<ChatTemplate::Part> ChatTemplate::parts(const std::string& message) const {
  std::vector<Part> parts;
  const auto turn = [&parts](const char* role, const std::string& text) {
    parts.push_back({"<|im_start|>", true});
    parts.push_back({std::string(role) + "\n" + text, false});
  };
  const auto headed = [&parts](const char* role, const std::string& text) {
    parts.push_back({"<|start_header_id|>", true});
    parts.push_back({role, false});
    parts.push_back({"<|end_header_id|>", true});
    parts.push_back({"\n\n" + text, false});
  };
  switch (family_) {
    case Family::kChatMl:
      if (!system_.empty()) {
        turn("system", system_);
        parts.push_back({"<|im_end|>", true});
        parts.push_back({"\n", false});
      }
      turn("user", message);
      parts.push_back({"<|im_end|>", true});
      parts.push_back({"\n", false});
      turn("assistant", begins_answer_);
      break;
    case Family::kLlama3:
      parts.push_back({"<|begin_of_text|>", true});
      if (!system_.empty()) {
        headed("system", system_);
        parts.push_back({"<|eot_id|>", true});
      }
      headed("user", trimmed(message));
      parts.push_back({"<|eot_id|>", true});
      headed("assistant", "");
      break;
    case Family::kZephyr:
      parts.push_back({"<|user|>\n" + message, false});
      parts.push_back({eos_token_, true});
      parts.push_back({"\n<|assistant|>\n", false});
      break;
    case Family::kNone:
      break;
  }
  return parts;
}

void ChatTemplate::refuse(const std::string& what) const {
  throw Error(ErrorKind::kUsage, what, "--chat-prompt", "use --prompt, which the model goes on from");
}

void ChatTemplate::check_message(const std::string& message) const {
  if (family_ == Family::kNone && unknown_.empty())
    refuse("the language model has no chat template: it is not tuned for chats");
  if (family_ == Family::kNone)
    refuse("the language model's chat template is " + unknown_ + ", which is not supported (" + path_ + ")");
  if (family_ != Family::kZephyr) return;
  for (const char* role : kZephyrRoles) {  // no tokens of their own: in a message they would begin a turn
    if (!has(message, role)) continue;
    throw Error(ErrorKind::kUsage,
                std::string("the message holds ") + role + ", which begins a turn of the chat",
                "--chat-prompt", "leave it out");
  }
}

ChatPrompt ChatTemplate::encode(const Tokenizer& tokenizer, const std::string& message,
                                const std::string& answer) const {
  check_message(message);
  ChatPrompt prompt;
  std::vector<Part> conversation = parts(message);
  const auto append = [&](const Part& part, std::vector<int32_t>& ids) {
    if (!part.is_mark) {
      std::vector<int32_t> text = tokenizer.encode(part.text);
      const bool has_gap =
          !ids.empty() && !text.empty() && !keeps_gaps_ && tokenizer.piece(text.front()) == "\u2581";
      ids.insert(ids.end(), text.begin() + (has_gap ? 1 : 0), text.end());
      return;
    }
    const int32_t id = find_piece(tokenizer, part.text);
    const std::vector<int32_t> spelled = tokenizer.encode(part.text);
    // A mark that texts can spell would let a message end its turn.
    if (id < 0 || std::find(spelled.begin(), spelled.end(), id) != spelled.end())
      refuse("the tokenizer has no special token " + part.text + ", which the chat template needs");
    ids.push_back(id);
  };
  const Part last = conversation.back();
  conversation.pop_back();
  for (const Part& part : conversation) append(part, prompt.ids);
  std::vector<int32_t> whole = prompt.ids;
  append(last, prompt.ids);
  prompt.header = prompt.ids.size();
  append({last.text + answer, false}, whole);
  // As one text, unless its first word takes the end of the line before it along.
  if (whole.size() >= prompt.header && std::equal(prompt.ids.begin(), prompt.ids.end(), whole.begin())) {
    prompt.ids = std::move(whole);
  } else {
    append({answer, false}, prompt.ids);
  }
  return prompt;
}

}  // namespace kiloword
