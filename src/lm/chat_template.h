#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/model/language_model.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// The chat format of a chat-tuned model. Models come with Jinja templates; kiloword does not run them, but
/// recognises three families by their marks: ChatML (Qwen2.5, Qwen3, SmolLM2-Instruct), Llama 3, and Zephyr
/// (TinyLlama-Chat).
class ChatTemplate {
 public:
  /// No template, as for a base model.
  ChatTemplate() = default;
  /// Reads chat_template.jinja or the `chat_template` of tokenizer_config.json in `folder`. Throws
  /// Error(kModel) for files that cannot be read; an unknown template fails only when used.
  static ChatTemplate read(const std::filesystem::path& folder);
  /// The same for the template `text` from `path`. `eos_token` is the model's; `keeps_gaps`: SentencePiece
  /// puts a space piece before every text segment, not only the first.
  static ChatTemplate parse(const std::string& text, const std::string& path, const std::string& eos_token,
                            bool keeps_gaps);

  /// Token ids of the conversation up to the assistant's turn, which begins with `answer`. Marks of turns are
  /// single tokens, and nothing in `message` or `answer` can become one. Throws Error(kUsage) if there is no
  /// template or an unknown one, if `tokenizer` lacks a mark, and for a message that would end its turn.
  ChatPrompt encode(const Tokenizer& tokenizer, const std::string& message, const std::string& answer) const;

 private:
  enum class Family { kNone, kChatMl, kLlama3, kZephyr };

  /// A segment of the conversation: a mark or text.
  struct Part {
    std::string text;
    bool is_mark;
  };

  void recognize(const std::string& text);
  std::vector<Part> parts(const std::string& message) const;
  void check_message(const std::string& message) const;
  [[noreturn]] void refuse(const std::string& what) const;

  Family family_ = Family::kNone;
  std::string path_;
  std::string unknown_;  // describes an unsupported template; empty: none
  std::string system_;   // the system's turn; empty: none
  std::string begins_answer_;
  std::string eos_token_;
  bool keeps_gaps_ = false;
};

}  // namespace kiloword
