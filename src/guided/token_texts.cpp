#include "guided/token_texts.h"

#include <utility>

namespace kiloword {
namespace {

bool begins_with(const std::string& text, const std::string& beginning) {
  return text.compare(0, beginning.size(), beginning) == 0;
}

bool has_replacement(const std::string& text) {
  return text.find("\xEF\xBF\xBD") != std::string::npos;  // U+FFFD
}

}  // namespace

TokenTexts::TokenTexts(const Tokenizer& tokenizer)
    : tokenizer_(tokenizer), entry_of_id_(static_cast<size_t>(tokenizer.vocab_size())) {
  const std::vector<int32_t> letter = tokenizer.encode("a");
  if (letter.empty()) return;
  neighbour_text_ = tokenizer.decode({letter.back()});
  const std::string twice = tokenizer.decode({letter.back(), letter.back()});
  if (neighbour_text_.empty() || !begins_with(twice, neighbour_text_)) return;
  neighbour_ = letter.back();
  neighbour_addition_ = twice.substr(neighbour_text_.size());
}

TokenTexts::Entry TokenTexts::entry_of(int32_t id) const {
  Entry entry;
  if (neighbour_ < 0) return entry;
  const std::string behind = tokenizer_.decode({neighbour_, id});
  if (!begins_with(behind, neighbour_text_) || behind.size() == neighbour_text_.size()) return entry;
  entry.text = behind.substr(neighbour_text_.size());
  entry.is_known = !has_replacement(entry.text) &&
                   tokenizer_.decode({neighbour_, id, neighbour_}) == behind + neighbour_addition_;
  return entry;
}

const std::string* TokenTexts::addition(int32_t id) const {
  std::atomic<const Entry*>& known = entry_of_id_[static_cast<size_t>(id)];
  const Entry* entry = known.load(std::memory_order_acquire);
  if (entry == nullptr) {
    Entry made = entry_of(id);
    const std::lock_guard<std::mutex> lock(mutex_);
    entry = &entries_.emplace_back(std::move(made));
    known.store(entry, std::memory_order_release);
  }
  return entry->is_known ? &entry->text : nullptr;
}

}  // namespace kiloword
