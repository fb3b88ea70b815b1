#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/model/language_model.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// The conversation in which a chat-tuned model expects a user's message. Of the templates that models bring
/// (programs in Jinja), those of three families are known by their marks: ChatML's (Qwen2.5, Qwen3,
/// SmolLM2-Instruct), Llama 3's, and Zephyr's (TinyLlama-Chat).
class ChatTemplate {
 public:
  /// No template: a base model's.
  ChatTemplate() = default;
  /// Reads chat_template.jinja or the `chat_template` of tokenizer_config.json in `folder`. Throws
  /// Error(kModel) for files that cannot be read; what is not known is refused when it is used.
  static ChatTemplate read(const std::filesystem::path& folder);
  /// The same of the template `text` from `path`. `eos_token`: the model's; `keeps_gaps`: a space piece
  /// stands before each text of SentencePiece's, not only before the first.
  static ChatTemplate parse(const std::string& text, const std::string& path, const std::string& eos_token,
                            bool keeps_gaps);

  /// The conversation up to the assistant's turn, which begins with `answer`, as token ids. Marks of turns
  /// are single tokens, and nothing in `message` or `answer` becomes one. Throws Error(kUsage) where there is
  /// no template, or none that is known, where `tokenizer` lacks a mark, and for a message that would end its
  /// turn.
  ChatPrompt encode(const Tokenizer& tokenizer, const std::string& message, const std::string& answer) const;

 private:
  enum class Family { kNone, kChatMl, kLlama3, kZephyr };

  /// A stretch of the conversation: a mark or text.
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
  std::string unknown_;  // what another template is
  std::string system_;   // the system's turn; empty: there is none
  std::string begins_answer_;
  std::string eos_token_;
  bool keeps_gaps_ = false;
};

}  // namespace kiloword
